package org.isthmus.launch.doctor;

/**
 * What one check found.
 *
 * @param subject two or three words
 * @param found what is there, with numbers
 * @param advice what to do, empty for {@code OK}
 */
public record Finding(Grade grade, String subject, String found, String advice) {
    /** How bad it is. */
    public enum Grade {
        /** As it should be. */
        OK("ok"),
        /** Jobs run, but slower than they could, or without something. */
        NOTE("note"),
        /** Jobs fail, or will when they grow. */
        PROBLEM("mend");

        private final String word;

        Grade(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    static Finding ok(String subject, String found) {
        return new Finding(Grade.OK, subject, found, "");
    }

    static Finding note(String subject, String found, String advice) {
        return new Finding(Grade.NOTE, subject, found, advice);
    }

    static Finding problem(String subject, String found, String advice) {
        return new Finding(Grade.PROBLEM, subject, found, advice);
    }
}
