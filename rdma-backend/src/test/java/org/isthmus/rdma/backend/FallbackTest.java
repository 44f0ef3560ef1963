package org.isthmus.rdma.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.isthmus.node.config.Settings;
import org.isthmus.node.spi.Backends;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.ChannelHandler;
import org.isthmus.node.spi.Endpoint;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.node.wire.JobIdentification;
import org.isthmus.rdma.extension.VerbsProviders;
import org.isthmus.rdma.software.SoftwareProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens where there is no device. */
@Timeout(60)
class FallbackTest implements ChannelHandler {
    private final List<String> reports = new ArrayList<>();

    @BeforeAll
    static void useSoftware() {
        VerbsProviders.replace(SoftwareProvider.shared());
    }

    private EndpointContext context(String key, String value) {
        Properties properties = new Properties();
        properties.setProperty("isthmus.rdma.provider", "software");
        properties.setProperty(key, value);
        return new EndpointContext(new JobIdentification("job", new byte[JobIdentification.MIN_SECRET_BYTES]), 0, 2, 0,
                Settings.of(Map.of(), properties), this);
    }

    @Test
    void theNextBackendIsTakenAndSaidSoInOneLine() throws IOException {
        try (Endpoint endpoint = Backends.open("rdma,loopback", context("isthmus.rdma.provider", "absent"),
                reports::add)) {
            assertTrue(endpoint.address().text().startsWith("loopback:"), endpoint.address().text());
        }
        assertEquals(1, reports.size());
        assertTrue(reports.getFirst().contains("absent") && reports.getFirst().contains("loopback")
                && !reports.getFirst().contains("\n"), reports.getFirst());
    }

    @Test
    void withoutANextOneItIsAFailureThatSaysWhatToDo() {
        IOException failure = assertThrows(IOException.class,
                () -> Backends.open("rdma", context("isthmus.rdma.provider", "absent"), reports::add));
        assertTrue(failure.getMessage().contains("isthmus.rdma.provider") && failure.getMessage().contains("software"),
                failure.getMessage());
        assertEquals(List.of(), reports);
    }

    @Test
    void whereThereIsADeviceItIsTaken() throws IOException {
        try (Endpoint endpoint = Backends.open("rdma,loopback", context("isthmus.rdma.receives", "16"), reports::add)) {
            assertTrue(endpoint.address().text().startsWith("rdma:"), endpoint.address().text());
        }
        assertEquals(List.of(), reports);
    }

    @Test
    void windowsThatDoNotFitAreNamed() {
        IllegalArgumentException failure = assertThrows(IllegalArgumentException.class,
                () -> Backends.open("rdma", context("isthmus.rdma.window.receive", "3"), reports::add));
        assertTrue(failure.getMessage().contains("isthmus.rdma.window.receive"), failure.getMessage());
    }

    @Override
    public void onConnected(Channel channel) {
        throw new AssertionError("nobody connects");
    }

    @Override
    public boolean onFrame(Channel channel, MemorySegment memory, long offset, int length) {
        throw new AssertionError("nobody sends");
    }

    @Override
    public void onSent(Channel channel, long context) {
        throw new AssertionError("nothing was sent");
    }

    @Override
    public void onReceived(Channel channel, long context, long length) {
        throw new AssertionError("nothing was placed");
    }

    @Override
    public void onClosed(Channel channel, ChannelFailure failure) {
        throw new AssertionError("there is no channel");
    }
}
