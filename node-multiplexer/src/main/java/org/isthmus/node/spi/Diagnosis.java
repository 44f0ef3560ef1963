package org.isthmus.node.spi;

/**
 * What a backend found when it examined this machine.
 *
 * @param subject two or three words
 * @param found what is there, with numbers
 * @param advice what to do; empty if all is well
 * @param fails whether jobs fail because of it, or only run slower than they could
 */
public record Diagnosis(String subject, String found, String advice, boolean fails) {
    public static Diagnosis fine(String subject, String found) {
        return new Diagnosis(subject, found, "", false);
    }

    public static Diagnosis slow(String subject, String found, String advice) {
        return new Diagnosis(subject, found, advice, false);
    }

    public static Diagnosis failing(String subject, String found, String advice) {
        return new Diagnosis(subject, found, advice, true);
    }
}
