package org.isthmus.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RankPlacementTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "a:4,b:4; 8; SLOT; a[0, 1, 2, 3] b[4, 5, 6, 7]",
        "a:4,b:4; 5; SLOT; a[0, 1, 2, 3] b[4]",
        "a:4,b:4; 3; SLOT; a[0, 1, 2]",
        "a:4,b:4; 5; NODE; a[0, 2, 4] b[1, 3]",
        "a:1,b:3,c:2; 6; NODE; a[0] b[1, 3, 5] c[2, 4]",
        "a,b; 2; SLOT; a[0] b[1]",
        "[fe80::1]:2,10.0.0.1:1; 3; SLOT; [fe80::1][0, 1] 10.0.0.1[2]",
    })
    void ranksAreDealtOut(String hosts, int size, RankPlacement.Order order, String expected) {
        List<RankPlacement.Share> shares = RankPlacement.of(HostList.parse(hosts), size, order).shares();
        assertEquals(expected,
                String.join(" ", shares.stream().map(share -> share.host().name() + share.ranks()).toList()));
    }

    @Test
    void moreRanksThanSlotsIsAnError() {
        String message = assertThrows(UsageException.class, () -> RankPlacement.of(HostList.parse("a:2,b"), 4,
                RankPlacement.Order.SLOT)).getMessage();
        assertTrue(message.contains("-n 4") && message.contains("3 slots of a:2,b:1"), message);
    }

    @ParameterizedTest
    @ValueSource(strings =
            {"", ",", "a,", "a:", "a:x", "a:-1", "a:5000", "a b", "-a", "a;rm", "$(x)", "fe80::1:2", "a:1:2"})
    void aListThatIsNoneIsNamed(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> HostList.parse(text)).getMessage();
        assertTrue(message.contains("HOST:SLOTS"), message);
    }

    @Test
    void theAgentNamesTheHostWhereItIsToldTo() {
        assertEquals(List.of("ip", "netns", "exec", "h1"),
                AgentCommand.parse("ip netns exec {host}").on("h1", HostAgent.class).subList(0, 4));
        assertEquals(List.of("rsh", "-l", "me", "h1"),
                AgentCommand.parse("rsh -l me").on("h1", HostAgent.class).subList(0, 4));
        assertEquals("ssh", AgentCommand.ssh().on("h1", HostAgent.class).getFirst());
        assertThrows(IllegalArgumentException.class, () -> AgentCommand.parse("  "));
    }
}
