package org.isthmus.node.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.isthmus.node.bootstrap.exchange.JobSecret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of processes and ports as text. */
class PortNameTest {
    private static final String JOB = "0123456789abcdef0123456789abcdef";
    private static final String SECRET = JobSecret.random().hex();

    private static PortName port(int addresses) {
        List<InetSocketAddress> list = new ArrayList<>();
        for (int i = 1; i <= addresses; i++) {
            list.add(new InetSocketAddress("fd00:1111:2222:3333:4444:5555:6666:" + Integer.toHexString(i), 40_000));
        }
        return new PortName(17, new ProcessCard(JOB, 3, list, SECRET));
    }

    @Test
    void isReadAsItWasWritten() {
        PortName port = port(2);
        assertEquals(port, PortName.parse(port.text()));
        assertEquals(JOB + ";3", ConnectedProcesses.key(port.owner().text()));
    }

    @Test
    void fitsItsLimitHoweverManyAddressesThereAre() {
        PortName read = PortName.parse(port(100).text());
        assertTrue(port(100).text().length() < 1024);
        assertTrue(read.owner().addresses().size() > 10);
        assertEquals(port(100).owner().addresses().getFirst(), read.owner().addresses().getFirst());
    }

    @Test
    void messagesShowNoSecret() {
        assertFalse(port(1).toString().contains(SECRET));
        String cut = port(1).text().replace(SECRET, SECRET.substring(1));
        String message = assertThrows(IllegalArgumentException.class, () -> PortName.parse(cut)).getMessage();
        assertFalse(message.contains(SECRET.substring(1)), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "isthmus", "isthmus:", "isthmus:1", "isthmus:x:", "isthmus:-1:a;b;c;d", "tcp:1:2;3;4;5",
        "isthmus:99999999999:x", "isthmus:1:job;0;secret;127.0.0.1:1", "isthmus:1:0123456789abcdef;0;00;127.0.0.1:1"})
    void refusesWhatIsNoPort(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> PortName.parse(text)).getMessage();
        assertTrue(message.contains("openPort"), message);
        assertThrows(IllegalArgumentException.class, () -> PortName.parse(null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.1:", "127.0.0.1:70000", ":", "127.0.0.1:1,"})
    void refusesMalformedAddresses(String addresses) {
        assertThrows(IllegalArgumentException.class,
                () -> ProcessCard.parse(JOB + ";0;" + SECRET + ";" + addresses));
    }
}
