package org.isthmus.node.bootstrap;

import org.isthmus.node.bootstrap.exchange.Exchange;
import org.isthmus.node.bootstrap.exchange.ExchangeCheck;
import org.isthmus.node.bootstrap.exchange.NodeIdentity;
import org.isthmus.node.bootstrap.exchange.NodeMap;
import org.isthmus.node.config.Settings;

/** Main of a rank under a real launcher: all checks of an exchange, or what it finds out about its node. */
public final class ExchangeRank {
    private ExchangeRank() {}

    public static void main(String[] args) throws Exception {
        Settings settings = Settings.load();
        try (Exchange exchange = JobWireUp.ofThisProcess(settings).open()) {
            switch (args[0]) {
                case "checks" -> {
                    for (ExchangeCheck check : ExchangeCheck.values()) {
                        check.run(exchange);
                    }
                    System.out.println("passed " + exchange.rank() + " of " + exchange.size() + " by "
                            + exchange.name());
                }
                case "nodes" -> {
                    NodeMap map = NodeMap.exchange(exchange, NodeIdentity.here(settings.get(Settings.SHM_DIRECTORY)));
                    System.out.println("rank " + exchange.rank() + " node " + map.node(exchange.rank()) + " local "
                            + map.localRank(exchange.rank()) + " of " + map.localSize(exchange.rank()) + "; " + map);
                    exchange.fence();
                }
                case "die" -> {
                    if (exchange.rank() == 1) {
                        Runtime.getRuntime().halt(9);
                    }
                    exchange.fence();
                }
                default -> throw new IllegalArgumentException(args[0]);
            }
        } catch (BootstrapException e) {
            System.out.println("refused: " + e.getMessage());
            System.exit(3);
        }
    }
}
