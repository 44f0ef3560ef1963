package org.isthmus.node.bootstrap.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Random;

/** What every exchange must do, each as the program of all ranks of a job, in threads or in processes. */
public enum ExchangeCheck {
    EVERY_RANK_READS_EVERY_RANK {
        @Override
        public void run(Exchange exchange) {
            exchange.put("card", ("rank " + exchange.rank()).getBytes());
            exchange.fence();
            for (int rank = exchange.size() - 1; rank >= 0; rank--) {
                assertEquals("rank " + rank, new String(exchange.get(rank, "card")));
            }
            exchange.fence();
        }
    },
    VALUES_OF_EVERY_LENGTH_AND_CONTENT_ARRIVE {
        @Override
        public void run(Exchange exchange) {
            int[] lengths = {0, 1, 2, 3, 255, 700, 1023, 1024, 1025, 5000};
            for (int length : lengths) {
                exchange.put("v." + length, content(exchange.rank(), length));
            }
            exchange.fence();
            int next = (exchange.rank() + 1) % exchange.size();
            for (int length : lengths) {
                assertArrayEquals(content(next, length), exchange.get(next, "v." + length));
            }
            exchange.fence();
        }

        private byte[] content(int rank, int length) {
            byte[] bytes = new byte[length];
            new Random(31L * rank + length).nextBytes(bytes);
            return bytes;
        }
    },
    SEVERAL_ROUNDS_DO_NOT_MIX {
        @Override
        public void run(Exchange exchange) {
            for (int round = 0; round < 4; round++) {
                exchange.put("round-" + round, new byte[] {(byte) round, (byte) exchange.rank()});
                exchange.fence();
                for (int rank = 0; rank < exchange.size(); rank++) {
                    for (int past = 0; past <= round; past++) {
                        assertArrayEquals(new byte[] {(byte) past, (byte) rank}, exchange.get(rank, "round-" + past));
                    }
                }
            }
            exchange.fence();
        }
    },
    A_MISSING_VALUE_IS_NAMED {
        @Override
        public void run(Exchange exchange) {
            if (exchange.rank() == 0) {
                exchange.put("only-zero", new byte[] {1});
            }
            exchange.fence();
            assertArrayEquals(new byte[] {1}, exchange.get(0, "only-zero"));
            int last = exchange.size() - 1;
            String absent = last == 0 ? "absent" : "only-zero";
            String message = assertThrows(ExchangeException.class, () -> exchange.get(last, absent)).getMessage();
            assertTrue(message.contains("rank " + last) && message.contains(absent), message);
        }
    },
    WRONG_ARGUMENTS_ARE_REFUSED {
        @Override
        public void run(Exchange exchange) {
            for (String key : new String[] {"", "a b", "k=v", "ü", "x".repeat(Exchange.MAX_KEY + 1), "a\nb", "a;b"}) {
                assertThrows(IllegalArgumentException.class, () -> exchange.put(key, new byte[1]), key);
            }
            assertThrows(IllegalArgumentException.class, () -> exchange.put("big", new byte[Exchange.MAX_VALUE + 1]));
            exchange.put("once", new byte[1]);
            assertThrows(IllegalArgumentException.class, () -> exchange.put("once", new byte[1]));
            exchange.fence();
            assertThrows(IllegalArgumentException.class, () -> exchange.get(-1, "once"));
            assertThrows(IllegalArgumentException.class, () -> exchange.get(exchange.size(), "once"));
            assertEquals(1, exchange.get(0, "once").length);
            exchange.fence();
        }
    },
    RANKS_FIND_THEIR_NODES {
        @Override
        public void run(Exchange exchange) {
            NodeMap map = NodeMap.exchange(exchange, NodeIdentity.here(Path.of("/tmp")));
            assertEquals(1, map.nodes());
            assertEquals(exchange.rank(), map.localRank(exchange.rank()));
            assertEquals(exchange.size(), map.localSize(exchange.rank()));
            exchange.fence();
        }
    };

    public abstract void run(Exchange exchange) throws Exception;
}
