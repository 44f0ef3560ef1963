package org.isthmus.node.bootstrap.exchange;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Pmi2ExchangeTest extends ExchangeConformance {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Override
    AutoCloseable startJob(int size) throws Exception {
        return new PmiServer(size);
    }

    @Override
    Exchange enter(AutoCloseable job, int rank) {
        return new Pmi2Exchange(new PmiSocket(((PmiServer) job).port(), Deadline.in(timeout)), "a;b", rank, timeout);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "cmd=response_to_init pmi_version=1 rc=0\\n | does not speak PMI-2",
        "cmd=response_to_init pmi_version=2 rc=0\\n-12345 | instead of its length",
        "cmd=response_to_init pmi_version=2 rc=0\\n999999 | at most 65536 are allowed",
        "cmd=response_to_init pmi_version=2 rc=0\\n     6cmd=x; | answered",
        "cmd=response_to_init pmi_version=2 rc=0\\n    27cmd=fullinit-response;rc=0; | no field size",
        "cmd=response_to_init pmi_version=2 rc=0\\n    27cmd=fullinit-response;rc=1; | rc=1",
        "cmd=response_to_init pmi_version=2 rc=0\\n    41cmd=fullinit-response;rc=0;size=3;rank=3; | no field rank "
                + "from 1 to 1",
        "'' | connection ended",
    })
    void aWrongAnswerIsNamed(String answers, String message) {
        ExchangeException e = assertThrows(ExchangeException.class,
                () -> new Pmi2Exchange(new ScriptedStream(answers.replace("\\n", "\n")), "j", 1, TIMEOUT));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }
}
