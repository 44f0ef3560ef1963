package org.isthmus.node.bootstrap.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Pmi1ExchangeTest extends ExchangeConformance {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Override
    AutoCloseable startJob(int size) throws Exception {
        return new PmiServer(size);
    }

    @Override
    Exchange enter(AutoCloseable job, int rank) {
        PmiServer server = (PmiServer) job;
        PmiStream stream = new PmiSocket(server.port(), Deadline.in(timeout));
        // both ways to enter
        return rank % 2 == 0 ? Pmi1Exchange.byPort(stream, Integer.toString(rank), timeout)
                : Pmi1Exchange.inherited(stream, rank, server.size, timeout);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "cmd=response_to_init rc=-1 pmi_version=1 | does not speak PMI-1",
        "hello | the launcher answered",
        "cmd=response_to_init rc=0\\ncmd=maxes keylen_max=10 vallen_max=1024 | no field keylen_max from 64",
        "cmd=response_to_init rc=0\\ncmd=maxes keylen_max=64 vallen_max=x | no field vallen_max from 64",
        "cmd=response_to_init rc=0\\ncmd=maxes keylen_max=64 vallen_max=1024\\ncmd=my_kvsname | no key-value space",
    })
    void aWrongAnswerIsNamed(String answers, String message) {
        ExchangeException e = assertThrows(ExchangeException.class,
                () -> Pmi1Exchange.inherited(new ScriptedStream(answers.replace("\\n", "\n") + "\n"), 3, 4, TIMEOUT));
        assertTrue(e.getMessage().contains(message) && e.getMessage().contains("rank 3"), e.getMessage());
    }

    @Test
    void anEndedLauncherIsNamed() {
        Exchange exchange = Pmi1Exchange.inherited(new ScriptedStream("cmd=response_to_init rc=0\n"
                + "cmd=maxes keylen_max=64 vallen_max=1024\ncmd=my_kvsname kvsname=k\n"), 0, 2, TIMEOUT);
        String message = assertThrows(ExchangeException.class, exchange::fence).getMessage();
        assertTrue(message.contains("the launcher closed the connection"), message);
        exchange.close();
    }

    @Test
    void aSizeIsReadFromTheServer() throws Exception {
        try (PmiServer server = new PmiServer(7);
                Exchange exchange =
                        Pmi1Exchange.byPort(new PmiSocket(server.port(), Deadline.in(TIMEOUT)), "3", TIMEOUT)) {
            assertEquals(3, exchange.rank());
            assertEquals(7, exchange.size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere", "localhost:x", "localhost:70000", "localhost:1"})
    void aPortThatIsNoneIsNamed(String port) {
        String message = assertThrows(ExchangeException.class, () -> new PmiSocket(port, Deadline.in(TIMEOUT)))
                .getMessage();
        assertTrue(message.contains(port), message);
    }
}
