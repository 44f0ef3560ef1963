package org.isthmus.node.status;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class CountersPageTest {
    @Test
    void pageSaysWhatTheTablesSay() throws IOException {
        CountersPage.check(section("Of each rank", RankCounter.values()));
        CountersPage.check(section("Of each link", LinkCounter.values()));
    }

    private static String section(String heading, Counter[] rows) {
        StringBuilder section = new StringBuilder("## ").append(heading).append("\n\n")
                .append("| counter | unit | meaning |\n|---|---|---|\n");
        for (Counter row : rows) {
            section.append("| `").append(row.key()).append("` | ").append(row.unit()).append(" | ")
                    .append(row.meaning()).append(" |\n");
        }
        return section.toString();
    }
}
