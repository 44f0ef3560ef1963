package org.isthmus.launch;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.isthmus.node.bootstrap.LiveSegments;
import org.isthmus.node.status.JobStatus;
import org.isthmus.node.status.StatusReader;
import org.isthmus.node.status.StatusReport;

/** The jobs of this user that run on this node, open for reading. One thread; {@link #close} lets go of them. */
final class LiveJobs implements AutoCloseable {
    private final List<Node> nodes = new ArrayList<>();
    private final List<String> unreadable = new ArrayList<>();

    private LiveJobs() {}

    /** One node's part of a job; of a job on several emulated nodes of this machine there are several. */
    static final class Node implements AutoCloseable {
        private final StatusReader reader;
        private final List<Long> pids;
        private final JobStatus first;

        private Node(StatusReader reader, List<Long> pids, JobStatus first) {
            this.reader = reader;
            this.pids = pids;
            this.first = first;
        }

        /** What it has counted until now; also once it has ended. */
        JobStatus read() throws IOException {
            return reader.read().orElseThrow();
        }

        /** Whether any of its processes lives. */
        boolean isAlive() {
            return pids.stream().anyMatch(pid -> ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
        }

        private boolean is(String wanted) {
            return first.job().equals(wanted) || pids.stream().anyMatch(pid -> descends(pid, wanted));
        }

        /** Whether a process has that id, or has an ancestor that does, other than the system's first. */
        private static boolean descends(long pid, String wanted) {
            Optional<ProcessHandle> process = ProcessHandle.of(pid);
            while (process.isPresent() && !Long.toString(process.get().pid()).equals(wanted)) {
                process = process.get().parent().filter(parent -> parent.pid() != 1);
            }
            return process.isPresent();
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    /** Looks for them; those that are not laid out yet are left out. */
    static LiveJobs find() throws IOException {
        LiveJobs jobs = new LiveJobs();
        for (LiveSegments.LiveSegment segment : LiveSegments.find()) {
            try {
                jobs.open(segment);
            } catch (NoSuchFileException e) {
                continue; // ended meanwhile
            } catch (IOException e) {
                jobs.unreadable.add("process " + segment.pids().getFirst() + ": " + e.getMessage());
            }
        }
        Comparator<JobStatus> order = order(jobs.all());
        jobs.nodes.sort((a, b) -> order.compare(a.first, b.first));
        return jobs;
    }

    /** By job, the one that was started first before the others; the nodes of one by index, whichever began first. */
    static Comparator<JobStatus> order(List<JobStatus> all) {
        Map<String, Long> started = all.stream().collect(
                Collectors.toMap(JobStatus::job, JobStatus::startedMillis, Math::min));
        return Comparator.comparing((JobStatus status) -> started.get(status.job())).thenComparing(JobStatus::job)
                .thenComparing(JobStatus::node);
    }

    private void open(LiveSegments.LiveSegment segment) throws IOException {
        Optional<StatusReader> reader = StatusReader.open(segment.file());
        if (reader.isEmpty()) {
            return;
        }
        Optional<JobStatus> status = reader.get().read();
        if (status.isEmpty()) {
            reader.get().close();
            return;
        }
        nodes.add(new Node(reader.get(), segment.pids(), status.get()));
    }

    List<JobStatus> all() {
        return nodes.stream().map(node -> node.first).toList();
    }

    /**
     * The nodes of one job.
     *
     * @param wanted its name, or the id of a process that belongs to it; null: the only one
     * @throws NoSuchJobException if there is none, or more than one to choose from
     */
    List<Node> choose(String wanted) {
        Set<String> names = nodes.stream().filter(node -> wanted == null || node.is(wanted))
                .map(node -> node.first.job()).collect(Collectors.toSet());
        List<Node> chosen = nodes.stream().filter(node -> names.contains(node.first.job())).toList();
        if (chosen.isEmpty()) {
            throw new NoSuchJobException(nodes.isEmpty()
                    ? "no job of this user runs on this node" + unreadableText()
                    : "there is no job " + wanted + ", there " + (nodes.size() == 1 ? "is" : "are") + titles(nodes));
        }
        if (names.size() > 1) {
            throw new NoSuchJobException("say which job: `isthmus stat JOB`, there are" + titles(chosen));
        }
        return chosen;
    }

    private static String titles(List<Node> nodes) {
        return nodes.stream().map(node -> "\n  " + StatusReport.title(node.first)).collect(Collectors.joining());
    }

    private String unreadableText() {
        return unreadable.isEmpty() ? "" : " that can be read; " + String.join("; ", unreadable);
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
    }
}
