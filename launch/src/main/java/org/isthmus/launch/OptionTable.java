package org.isthmus.launch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.isthmus.node.config.NearestName;

/** The options of one command: parses arguments by it and prints the help from it. */
final class OptionTable {
    static final Option<Boolean> HELP = Option.flag("--help", "Show this help.");

    private final List<Option<?>> rows = new ArrayList<>();

    OptionTable(List<Option<?>> options) {
        rows.addAll(options);
        rows.add(HELP);
    }

    /** What the arguments said. */
    static final class Values {
        private final Map<Option<?>, List<Object>> given = new HashMap<>();
        private final List<String> rest = new ArrayList<>();

        /** The value given last, else the default, else null. */
        @SuppressWarnings("unchecked")
        <T> T get(Option<T> option) {
            List<Object> values = given.get(option);
            if (values != null) {
                return (T) values.getLast();
            }
            return option.defaultText() == null ? null : option.parse(option.defaultText());
        }

        /** All values given, in order. */
        @SuppressWarnings("unchecked")
        <T> List<T> all(Option<T> option) {
            return (List<T>) given.getOrDefault(option, List.of());
        }

        /** The arguments after the options. */
        List<String> rest() {
            return rest;
        }

        /** Refuses arguments after the options. */
        void requireNoArgument(String command) {
            if (!rest.isEmpty()) {
                throw new UsageException(command + " takes no argument, got " + rest.getFirst());
            }
        }
    }

    /** Reads options up to the first argument that is none, or past {@code --}. */
    Values parse(List<String> arguments) {
        Values values = new Values();
        int i = 0;
        while (i < arguments.size() && arguments.get(i).startsWith("-") && !arguments.get(i).equals("--")) {
            String argument = arguments.get(i++);
            int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
            String name = equals < 0 ? argument : argument.substring(0, equals);
            Option<?> option = find(name);
            String text;
            if (option.placeholder() == null) {
                if (equals >= 0) {
                    throw new UsageException("option " + name + " takes no value");
                }
                text = "true";
            } else if (equals >= 0) {
                text = argument.substring(equals + 1);
            } else if (i < arguments.size()) {
                text = arguments.get(i++);
            } else {
                throw new UsageException("option " + name + " needs a value: " + option.placeholder());
            }
            values.given.computeIfAbsent(option, key -> new ArrayList<>()).add(option.parse(text));
        }
        if (i < arguments.size() && arguments.get(i).equals("--")) {
            i++;
        }
        values.rest.addAll(arguments.subList(i, arguments.size()));
        return values;
    }

    /** The options as lines of help. */
    String help() {
        StringBuilder text = new StringBuilder("Options:\n");
        for (Option<?> option : rows) {
            String left = "  " + String.join(", ", option.names())
                    + (option.placeholder() == null ? "" : " " + option.placeholder());
            String defaultText = option.placeholder() == null || option.defaultText() == null
                    ? "" : " (default " + option.defaultText() + ")";
            text.append(String.format("%-34s %s%s%n", left, option.help(), defaultText));
        }
        return text.toString();
    }

    private Option<?> find(String name) {
        List<String> names = new ArrayList<>();
        for (Option<?> option : rows) {
            if (option.names().contains(name)) {
                return option;
            }
            names.addAll(option.names());
        }
        throw new UsageException("unknown option " + name
                + NearestName.of(name, names).map(nearest -> "; did you mean " + nearest + "?").orElse(""));
    }
}
