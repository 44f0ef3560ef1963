package org.isthmus.node.bootstrap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The options by which a JVM uses an ahead-of-time cache of our classes (JEP 483, 514, 515): those of a rank and, from
 * its command line, those of the multiplexer that it starts. Static methods without state: any thread may call.
 */
public final class CacheOptions {
    private static final String CACHE = "-XX:AOTCache=";
    /**
     * A cache that does not go with the other options is left out in silence. It is mapped where it was made for: at a
     * place of its own in each process its pointers would be written anew there, which is a tenth of a start's work,
     * and its pages would be copies.
     */
    private static final List<String> USE =
            List.of("-Xlog:aot=off", "-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0");
    private static final String OWN_CHOICE = "-XX:(AOT(Mode|Cache|CacheOutput|Configuration)|SharedArchiveFile"
            + "|SharedClassListFile|ArchiveClassesAtExit)=.*|-XX:[+-]AutoCreateSharedArchive|-Xshare:.*";

    private CacheOptions() {}

    /** @param cache path of its file */
    public static List<String> of(String cache) {
        List<String> options = new ArrayList<>();
        options.add(CACHE + cache);
        options.addAll(USE);
        return options;
    }

    /**
     * Those for the cache that another JVM uses; none if it uses none.
     *
     * @param arguments that JVM's, with the program's behind them
     */
    public static List<String> like(String[] arguments) {
        return Arrays.stream(arguments).takeWhile(argument -> argument.startsWith("-"))
                .filter(argument -> argument.startsWith(CACHE)).findFirst()
                .map(argument -> of(argument.substring(CACHE.length()))).orElse(List.of());
    }

    /** Whether a JVM's option says itself which cache or archive of classes is read or written. */
    public static boolean chooses(String option) {
        return option.matches(OWN_CHOICE);
    }
}
