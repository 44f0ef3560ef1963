package org.isthmus.launch;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The programs of a job: those of the first part run as its first ranks, and so on. */
record JobPrograms(List<Part> parts) {
    /**
     * One program.
     *
     * @param environment set in its ranks, besides what tells them their places
     */
    record Part(int ranks, List<String> command, Map<String, String> environment) {}

    /** Ranks of the job. */
    int size() {
        return parts.stream().mapToInt(Part::ranks).sum();
    }

    /** Which part a rank runs, from 0. */
    int indexOf(int rank) {
        int index = 0;
        for (int first = parts.getFirst().ranks(); rank >= first; first += parts.get(index).ranks()) {
            index++;
        }
        return index;
    }

    /** Ranks of each part, separated by spaces. */
    String sizes() {
        return parts.stream().map(part -> Integer.toString(part.ranks())).collect(Collectors.joining(" "));
    }

    Part of(int rank) {
        return parts.get(indexOf(rank));
    }
}
