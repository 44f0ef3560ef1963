package org.isthmus.node.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The value syntaxes that settings and command line options share; each error says what is allowed. */
public final class SettingParsers {
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,18})([a-zA-Z]*)");

    private SettingParsers() {}

    /** A whole number within {@code [min, max]}. */
    public static Function<String, Integer> integer(int min, int max) {
        return text -> {
            try {
                int value = Integer.parseInt(text);
                if (value >= min && value <= max) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // falls through to the one message for both mistakes
            }
            throw new IllegalArgumentException("a whole number from " + min + " to " + max + " is needed");
        };
    }

    /** {@code auto}, which is 0, or a whole number within {@code [min, max]}. */
    public static Function<String, Integer> autoOr(int min, int max) {
        return text -> {
            try {
                return text.equals("auto") ? 0 : integer(min, max).apply(text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("auto, or " + e.getMessage(), e);
            }
        };
    }

    /** {@code true} or {@code false}. */
    public static boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("true or false is needed");
        };
    }

    /** One word of a list. */
    public static Function<String, String> oneOf(List<String> words) {
        return text -> {
            if (!words.contains(text)) {
                throw new IllegalArgumentException("one of " + String.join(", ", words) + " is needed");
            }
            return text;
        };
    }

    /** Bytes within {@code [min, max]}: {@code 4096}, {@code 64k}, {@code 2m}, {@code 1g} (powers of 1024). */
    public static Function<String, Long> bytes(long min, long max) {
        return text -> {
            Matcher matcher = NUMBER_AND_UNIT.matcher(text);
            int shift = matcher.matches() ? "kmg".indexOf(matcher.group(2).toLowerCase(Locale.ROOT)) : -1;
            if (shift >= 0 && matcher.group(2).length() <= 1) {
                int bits = matcher.group(2).isEmpty() ? 0 : 10 * (shift + 1);
                long number = Long.parseLong(matcher.group(1));
                if (number <= Long.MAX_VALUE >> bits && number << bits >= min && number << bits <= max) {
                    return number << bits;
                }
            }
            throw new IllegalArgumentException(
                    "a number of bytes from " + min + " to " + max + " is needed, such as 4096, 64k, 2m or 1g");
        };
    }

    /** Bytes as {@link #bytes}, and a multiple of {@code unit}. */
    public static Function<String, Long> multiple(long unit, long min, long max) {
        Function<String, Long> bytes = bytes(min, max);
        return text -> {
            long value = bytes.apply(text);
            if (value % unit != 0) {
                throw new IllegalArgumentException("a multiple of " + unit + " is needed");
            }
            return value;
        };
    }

    /** A length of time above zero: {@code 200ms}, {@code 60s}, {@code 5m}. */
    public static Duration duration(String text) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text);
        if (matcher.matches() && matcher.group(1).length() <= 9 && Long.parseLong(matcher.group(1)) > 0) {
            long number = Long.parseLong(matcher.group(1));
            switch (matcher.group(2)) {
                case "ms":
                    return Duration.ofMillis(number);
                case "s":
                    return Duration.ofSeconds(number);
                case "m":
                    return Duration.ofMinutes(number);
                default:
                    break;
            }
        }
        throw new IllegalArgumentException("a time above zero with its unit is needed, such as 200ms, 60s or 5m");
    }

    /** An absolute path. */
    public static Path absolutePath(String text) {
        Path path = Path.of(text);
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("an absolute path is needed");
        }
        return path;
    }

    /** {@code auto}, or numeric internet addresses with commas between; host names are not looked up. */
    public static String addressList(String text) {
        if (!text.equals("auto")) {
            for (String address : text.split(",", -1)) {
                if (!address.matches("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*(%\\w+)?")) {
                    throw new IllegalArgumentException(
                            "auto, or numeric addresses with commas between are needed, such as 10.0.0.1,10.0.1.1");
                }
            }
        }
        return text;
    }
}
