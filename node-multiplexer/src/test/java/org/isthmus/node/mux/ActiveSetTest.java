package org.isthmus.node.mux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ActiveSetTest {
    private final ActiveSet active = new ActiveSet(1000);

    private List<Integer> members() {
        List<Integer> members = new ArrayList<>();
        for (int i = 0; i < active.size(); i++) {
            members.add(active.get(i));
        }
        return members;
    }

    @Test
    void eachIsThereOnceInTheOrderInWhichItCame() {
        for (int index : new int[] {999, 3, 0, 3, 999, 500}) {
            active.add(index);
        }
        assertEquals(List.of(999, 3, 0, 500), members());
    }

    @Test
    void whatHasNoWorkLeavesAndMayComeAgainBehindTheOthers() {
        for (int index = 0; index < 1000; index++) {
            active.add(index);
        }
        active.retain(index -> index % 400 == 7);
        assertEquals(List.of(7, 407, 807), members());
        active.add(3);
        active.retain(index -> index != 407);
        active.add(407);
        assertEquals(List.of(7, 807, 3, 407), members());
        active.retain(index -> false);
        assertEquals(List.of(), members());
        active.add(407);
        assertEquals(List.of(407), members());
    }

    @Test
    void whatIsAddedDuringARoundIsPartOfIt() {
        active.add(1);
        List<Integer> visited = new ArrayList<>();
        for (int i = 0; i < active.size(); i++) {
            visited.add(active.get(i));
            if (active.get(i) < 20) {
                active.add(active.get(i) + 1);
                active.add(1);
            }
        }
        assertEquals(20, visited.size());
        active.retain(index -> index == 20);
        assertEquals(List.of(20), members());
    }
}
