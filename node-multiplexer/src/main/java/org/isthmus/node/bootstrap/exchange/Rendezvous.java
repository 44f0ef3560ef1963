package org.isthmus.node.bootstrap.exchange;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The ways in which the ranks of a job find a {@link RendezvousServer}, and this rank's place in the job. */
public record Rendezvous(String jobId, int rank, int size, Duration timeout) {
    private static final long POLL_MILLIS = 50;
    private static final Duration ATTEMPT = Duration.ofSeconds(2);
    private static final int NAME_BYTES = 16;
    private static final int GROUP_AND_OTHERS = 077;

    /** At a server that the launcher runs: "host:port,host:port". */
    public Exchange at(String addresses, JobSecret secret) {
        return RendezvousExchange.connect(parse(addresses), secret, jobId, rank, size, timeout);
    }

    /** At rank 0, which listens on a port of a host that all ranks were told. */
    public Exchange atRankZero(String host, int port, JobSecret secret) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new ExchangeException("rank " + rank + ": the host " + host + " of rank 0 has no address");
        }
        if (rank != 0) {
            return RendezvousExchange.connect(List.of(address), secret, jobId, rank, size, timeout);
        }
        RendezvousServer server = RendezvousServer.open(List.of(address), secret, jobId, size, timeout);
        try {
            return new HostedExchange(connectToOwn(server, secret), server, timeout, () -> { });
        } catch (ExchangeException e) {
            server.close();
            throw e;
        }
    }

    /**
     * At rank 0, which writes its addresses and a new secret to a file in a directory that all nodes see. The file is
     * of mode 0600 in a directory of mode 0700, and is gone when all have left.
     */
    public Exchange inDirectory(Path directory) {
        Path file = directory.resolve("rendezvous-"
                + HexFormat.of().formatHex(RendezvousHello.jobHash(jobId), 0, NAME_BYTES));
        try {
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rwx------")));
            return rank == 0 ? hostByFile(file) : findByFile(file);
        } catch (IOException e) {
            throw new ExchangeException("rank " + rank + ": the rendezvous file " + file + " cannot be used: " + e
                    + "; name a directory that you may write and all nodes see by isthmus.rendezvous.directory "
                    + "(ISTHMUS_RENDEZVOUS_DIRECTORY)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExchangeException("interrupted while waiting for rank 0", e);
        }
    }

    private Exchange hostByFile(Path file) throws IOException {
        JobSecret secret = JobSecret.random();
        List<InetSocketAddress> any = localAddresses().stream().map(local -> new InetSocketAddress(local, 0)).toList();
        RendezvousServer server = RendezvousServer.open(any, secret, jobId, size, timeout);
        try {
            Path draft = Files.createTempFile(file.getParent(), "draft", "");
            Files.writeString(draft, secret.hex() + "\n" + format(server.addresses()) + "\n");
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            return new HostedExchange(connectToOwn(server, secret), server, timeout, () -> delete(file));
        } catch (IOException | ExchangeException e) {
            server.close();
            throw e;
        }
    }

    private RendezvousExchange connectToOwn(RendezvousServer server, JobSecret secret) {
        return RendezvousExchange.connect(server.addresses(), secret, jobId, rank, size, timeout);
    }

    /** A file of an earlier job of this id leads nowhere; then it is read again. */
    private Exchange findByFile(Path file) throws IOException, InterruptedException {
        try (RendezvousCaller caller = new RendezvousCaller(jobId, rank, size)) {
            return findByFile(file, caller);
        }
    }

    private Exchange findByFile(Path file, RendezvousCaller caller) throws IOException, InterruptedException {
        Deadline deadline = Deadline.in(timeout);
        ExchangeException last = null;
        while (!deadline.passed()) {
            List<String> lines = read(file);
            if (lines.size() == 2) {
                try {
                    Duration attempt = ATTEMPT.compareTo(timeout) < 0 ? ATTEMPT : timeout;
                    return RendezvousExchange.connect(parse(lines.get(1)), JobSecret.parse(lines.get(0)), caller,
                            attempt).within(timeout);
                } catch (ExchangeException e) {
                    last = e;
                }
            }
            Thread.sleep(POLL_MILLIS);
        }
        throw last != null ? last : new ExchangeException("rank " + rank + " of " + size + " found no file " + file
                + " of rank 0 within " + timeout.toMillis() + " ms; check that rank 0 runs and that its node sees the "
                + "same directory, or name another by isthmus.rendezvous.directory (ISTHMUS_RENDEZVOUS_DIRECTORY)");
    }

    private static List<String> read(Path file) throws IOException {
        try {
            Map<String, Object> status = Files.readAttributes(file, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
            Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            if (!status.get("uid").equals(user) || ((Integer) status.get("mode") & GROUP_AND_OTHERS) != 0) {
                throw new IOException("it is not of this user alone (mode 0600)");
            }
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new ExchangeException("the rendezvous file " + file + " cannot be removed: " + e, e);
        }
    }

    /** Addresses of this machine by which other nodes may reach it; the loopback address if it has no other. */
    public static List<InetAddress> localAddresses() {
        try {
            List<InetAddress> found = NetworkInterface.networkInterfaces()
                    .filter(Rendezvous::isUp).flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress()).toList();
            return found.isEmpty() ? List.of(InetAddress.getLoopbackAddress()) : found;
        } catch (SocketException e) {
            throw new ExchangeException("the addresses of this machine cannot be listed: " + e, e);
        }
    }

    private static boolean isUp(NetworkInterface networkInterface) {
        try {
            return networkInterface.isUp();
        } catch (SocketException e) {
            return false; // it has just gone
        }
    }

    /** Addresses as text: "host:port,host:port". */
    public static String format(List<InetSocketAddress> addresses) {
        return addresses.stream().map(address -> withoutScope(address.getAddress()) + ":" + address.getPort())
                .collect(Collectors.joining(","));
    }

    /** An address as other machines may write it: the name of a NIC behind an IPv6 address is ours alone. */
    private static String withoutScope(InetAddress address) {
        return address.getHostAddress().replaceFirst("%.*", "");
    }

    /**
     * Reads {@link #format}.
     *
     * @throws ExchangeException if it is no list of addresses
     */
    public static List<InetSocketAddress> parse(String text) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String word : text.split(",", -1)) {
            int colon = word.lastIndexOf(':');
            try {
                addresses.add(new InetSocketAddress(InetAddress.getByName(word.substring(0, colon)),
                        Integer.parseInt(word.substring(colon + 1))));
            } catch (IllegalArgumentException | IndexOutOfBoundsException | UnknownHostException e) {
                throw new ExchangeException("the rendezvous \"" + text + "\" is not HOST:PORT,HOST:PORT ... with known "
                        + "hosts and ports from 0 to 65535", e);
            }
        }
        return addresses;
    }
}
