package org.isthmus.node.bootstrap;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.isthmus.node.bootstrap.exchange.Exchange;
import org.isthmus.node.bootstrap.exchange.ExchangeException;
import org.isthmus.node.bootstrap.exchange.Exchanges;
import org.isthmus.node.bootstrap.exchange.JobSecret;
import org.isthmus.node.bootstrap.exchange.Rendezvous;
import org.isthmus.node.config.LauncherVariables;
import org.isthmus.node.config.Settings;

/**
 * Chooses the job-wide exchange that a process's launcher offers. In this order: PMIx, an inherited PMI connection, a
 * PMI port, our launcher's rendezvous, a rendezvous at rank 0. PMIx and an inherited connection need native access.
 */
public final class JobWireUp {
    /** Variables by which launchers offer an exchange; not those that number the ranks. */
    static final Set<String> VARIABLES = Set.of("PMIX_NAMESPACE", "PMI_FD", "PMI_PORT", "PMI_ID", "PMI_JOBID");

    private final Map<String, String> environment;
    private final Settings settings;
    private final String method;
    private final boolean nativeAccess;

    JobWireUp(Map<String, String> environment, Settings settings, boolean nativeAccess) {
        this.environment = environment;
        this.settings = settings;
        this.method = settings.get(Settings.WIREUP_METHOD);
        this.nativeAccess = nativeAccess;
    }

    /** The wire-up of this process. */
    public static JobWireUp ofThisProcess(Settings settings) {
        return new JobWireUp(System.getenv(), settings, JobWireUp.class.getModule().isNativeAccessEnabled());
    }

    /**
     * Whether the environment leaves it to an exchange to say who this process is: a PMIx launcher that sets no size,
     * or a PMI port.
     */
    boolean namesRanksByExchangeOnly() {
        boolean numbered = false;
        for (LauncherScheme scheme : LauncherScheme.values()) {
            numbered |= scheme != LauncherScheme.PMIX && scheme.speaks(environment);
        }
        return !numbered && (offersPmix() || offersPmiPort());
    }

    /**
     * Enters the exchange; all ranks of the job must.
     *
     * @throws BootstrapException if none can be entered, with what was tried
     */
    public Exchange open() {
        try {
            Optional<Exchange> exchange = Optional.empty();
            if (offersPmix() && nativeAccess && allows("pmix")) {
                exchange = Exchanges.pmix(settings.get(Settings.PMIX_LIBRARY), settings.get(Settings.WIREUP_TIMEOUT));
            }
            if (exchange.isEmpty() && allows("pmi")) {
                exchange = pmi();
            }
            if (exchange.isEmpty() && allows("rendezvous") && !namesRanksByExchangeOnly()) {
                exchange = Optional.of(rendezvous());
            }
            return exchange.orElseThrow(() -> new BootstrapException(nothingFits()));
        } catch (ExchangeException e) {
            throw new BootstrapException(e.getMessage(), e);
        }
    }

    private boolean allows(String wanted) {
        return method.equals("auto") || method.equals(wanted);
    }

    private boolean offersPmix() {
        return environment.containsKey("PMIX_NAMESPACE") && environment.containsKey("PMIX_RANK");
    }

    private boolean offersPmiPort() {
        return environment.containsKey("PMI_PORT") && environment.containsKey("PMI_ID");
    }

    private Optional<Exchange> pmi() {
        String descriptor = environment.get("PMI_FD");
        if (descriptor != null && nativeAccess) {
            return Optional.of(Exchanges.pmiInherited(number("PMI_FD"), number("PMI_RANK"), number("PMI_SIZE"),
                    environment.get("PMI_JOBID"), settings.get(Settings.WIREUP_TIMEOUT)));
        }
        if (offersPmiPort()) {
            return Optional.of(Exchanges.pmiPort(environment.get("PMI_PORT"), environment.get("PMI_ID"),
                    settings.get(Settings.WIREUP_TIMEOUT)));
        }
        return Optional.empty();
    }

    private Exchange rendezvous() {
        LauncherEnvironment.Place place = LauncherEnvironment.place(environment);
        Rendezvous rendezvous = new Rendezvous(place.jobKey(), place.rank(), place.size(),
                settings.get(Settings.WIREUP_TIMEOUT));
        String secret = environment.get(LauncherVariables.SECRET);
        String address = environment.get(LauncherVariables.RENDEZVOUS);
        if (address != null && secret != null) {
            return rendezvous.at(address, JobSecret.parse(secret));
        }
        if (environment.containsKey("MASTER_ADDR") && environment.containsKey("MASTER_PORT") && secret != null) {
            return rendezvous.atRankZero(environment.get("MASTER_ADDR"), number("MASTER_PORT"),
                    JobSecret.parse(secret));
        }
        String directory = settings.get(Settings.RENDEZVOUS_DIRECTORY);
        return rendezvous.inDirectory(directory.isEmpty() ? Path.of(System.getProperty("user.home"), ".isthmus")
                : Path.of(directory));
    }

    private int number(String name) {
        String text = environment.get(name);
        try {
            return Integer.parseUnsignedInt(text == null ? "" : text);
        } catch (NumberFormatException e) {
            throw new BootstrapException(name + "=\"" + text
                    + "\" is not a whole number from 0 on; the launcher sets this variable: do not change it", e);
        }
    }

    private String nothingFits() {
        return "the launcher offers "
                + (offersPmix() ? "PMIx" : environment.containsKey("PMI_FD") ? "PMI_FD" : "nothing")
                + " to bring the ranks of the job together, which "
                + (nativeAccess ? "cannot be used with isthmus.wireup.method=" + method
                        + (offersPmix() ? " or has no library: name it by isthmus.pmix.library (ISTHMUS_PMIX_LIBRARY)"
                        : "") : "needs native access: start java with --enable-native-access=ALL-UNNAMED")
                + ", or start the job with `isthmus run -n N ...`";
    }
}
