package org.isthmus.comm.dynamic;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.isthmus.node.bootstrap.RankPlace;
import org.isthmus.node.config.LauncherVariables;

/**
 * The processes of a spawn as its root tells those who start them.
 *
 * @param starters for each process the member of the communicator that starts it
 * @param parentPort where the parents wait
 * @param rendezvous where the processes meet, with {@code secret}; empty if one host has them all
 */
record SpawnPlan(List<SpawnCommand> commands, int[] starters, String jobKey, String parentPort, String rendezvous,
        String secret) {
    int size() {
        return starters.length;
    }

    /** Index of the command of a process. */
    int application(int rank) {
        int command = 0;
        for (int end = commands.getFirst().processes(); rank >= end; end += commands.get(command).processes()) {
            command++;
        }
        return command;
    }

    SpawnCommand command(int rank) {
        return commands.get(application(rank));
    }

    boolean isOnSeveralHosts() {
        return !rendezvous.isEmpty();
    }

    /** The processes that a member starts. */
    int[] ranksOf(int starter) {
        return IntStream.range(0, size()).filter(rank -> starters[rank] == starter).toArray();
    }

    /** Says in the environment of a process who it is. */
    void tell(Map<String, String> environment, int rank) {
        int[] here = ranksOf(starters[rank]);
        new RankPlace(rank, size(), Arrays.binarySearch(here, rank), here.length)
                .tellSpawned(environment, jobKey, parentPort, application(rank));
        if (isOnSeveralHosts()) {
            environment.put(LauncherVariables.RENDEZVOUS, rendezvous);
            environment.put(LauncherVariables.SECRET, secret);
        }
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (String text : List.of(jobKey, parentPort, rendezvous, secret)) {
                out.writeUTF(text);
            }
            out.writeInt(starters.length);
            for (int starter : starters) {
                out.writeInt(starter);
            }
            out.writeInt(commands.size());
            for (SpawnCommand command : commands) {
                List<String> words = new ArrayList<>(List.of(command.command()));
                words.addAll(command.arguments());
                write(out, words);
                out.writeInt(command.processes());
                write(out, List.copyOf(command.info().keySet()));
                write(out, command.info().keySet().stream().map(command.info()::get).toList());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static SpawnPlan decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            String jobKey = in.readUTF();
            String parentPort = in.readUTF();
            String rendezvous = in.readUTF();
            String secret = in.readUTF();
            int[] starters = new int[in.readInt()];
            for (int i = 0; i < starters.length; i++) {
                starters[i] = in.readInt();
            }
            List<SpawnCommand> commands = new ArrayList<>();
            for (int count = in.readInt(); commands.size() < count;) {
                List<String> words = read(in);
                int processes = in.readInt();
                List<String> keys = read(in);
                List<String> values = read(in);
                Map<String, String> info = new LinkedHashMap<>();
                for (int i = 0; i < keys.size(); i++) {
                    info.put(keys.get(i), values.get(i));
                }
                commands.add(new SpawnCommand(words.getFirst(), words.subList(1, words.size()), processes, info));
            }
            return new SpawnPlan(commands, starters, jobKey, parentPort, rendezvous, secret);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(DataOutputStream out, List<String> words) throws IOException {
        out.writeInt(words.size());
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            out.writeInt(bytes.length);
            out.write(bytes);
        }
    }

    private static List<String> read(DataInputStream in) throws IOException {
        List<String> words = new ArrayList<>();
        for (int count = in.readInt(); words.size() < count;) {
            words.add(new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8));
        }
        return words;
    }

    @Override
    public String toString() {
        return "SpawnPlan of " + commands; // the rest holds secrets
    }
}
