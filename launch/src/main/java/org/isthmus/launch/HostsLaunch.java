package org.isthmus.launch;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.isthmus.node.bootstrap.exchange.ExchangeException;
import org.isthmus.node.bootstrap.exchange.JobSecret;
import org.isthmus.node.bootstrap.exchange.Rendezvous;
import org.isthmus.node.bootstrap.exchange.RendezvousServer;
import org.isthmus.node.config.LauncherVariables;
import org.isthmus.node.config.Settings;

/** A job over several hosts: opens the rendezvous of its ranks and has {@link HostsSupervisor} run them. */
final class HostsLaunch {
    private static final int FAILED = 1;

    private final RankPlacement placement;
    private final AgentCommand agent;
    private final String listen;
    private final Settings settings;

    /**
     * @param agent null for ssh
     * @param listen address for the rendezvous, null for all of this machine
     */
    HostsLaunch(RankPlacement placement, AgentCommand agent, String listen, Settings settings) {
        this.placement = placement;
        this.agent = agent == null ? AgentCommand.ssh() : agent;
        this.listen = listen;
        this.settings = settings;
    }

    int run(JobPrograms programs, boolean tagOutput, Duration timeout) throws InterruptedException {
        String jobKey = RankStarter.newJobKey();
        JobSecret secret = JobSecret.random();
        List<InetSocketAddress> addresses =
                addresses().stream().map(address -> new InetSocketAddress(address, 0)).toList();
        try (RendezvousServer server = RendezvousServer.open(addresses, secret, "ISTHMUS|" + jobKey, programs.size(),
                settings.get(Settings.WIREUP_TIMEOUT))) {
            Map<String, String> shared = new LinkedHashMap<>();
            System.getenv().forEach((name, value) -> {
                if (name.startsWith("ISTHMUS_") && !LauncherVariables.ALL.contains(name)) {
                    shared.put(name, value);
                }
            });
            List<JobPrograms.Part> parts = programs.parts().stream().map(part -> {
                Map<String, String> environment = new LinkedHashMap<>(shared);
                environment.putAll(part.environment());
                environment.put(LauncherVariables.RENDEZVOUS, Rendezvous.format(server.addresses()));
                environment.put(LauncherVariables.SECRET, secret.hex());
                return new JobPrograms.Part(part.ranks(), part.command(), environment);
            }).toList();
            HostJob job = new HostJob(jobKey, List.of(), Path.of("").toAbsolutePath().toString(),
                    new JobPrograms(parts));
            return new HostsSupervisor(placement, agent, job, settings.get(Settings.LAUNCH_TIMEOUT), timeout,
                    new RankOutput(tagOutput, System.out, System.err), server::ended).run();
        } catch (ExchangeException e) {
            System.err.println("isthmus run: " + e.getMessage());
            return FAILED;
        }
    }

    private List<InetAddress> addresses() {
        if (listen == null) {
            return Rendezvous.localAddresses();
        }
        try {
            return List.of(InetAddress.getByName(listen));
        } catch (UnknownHostException e) {
            throw new UsageException("option --listen = \"" + listen + "\": this is no known host or address");
        }
    }
}
