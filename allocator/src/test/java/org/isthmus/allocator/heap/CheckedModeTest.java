package org.isthmus.allocator.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.isthmus.allocator.TestPool;
import org.isthmus.allocator.slab.SizeClasses;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CheckedModeTest {
    @TempDir
    private Path directory;

    private HeapArea area;
    private RankHeap owner;
    private RankHeap receiver;

    @BeforeEach
    void open() throws IOException {
        area = HeapArea.create(TestPool.create(directory, 40 << 20), 2, 32 << 20);
        owner = RankHeap.open(area, 0, HeapOptions.of(DefaultLimits.snapshot()).withChecked(true));
        receiver = RankHeap.open(area, 1, HeapOptions.of(DefaultLimits.snapshot()).withChecked(true));
    }

    @Test
    void aWriteBehindTheEndIsFoundWithItsSite() {
        for (int bytes : new int[] {1, 64, 1000, 3 << 20}) {
            long handle = owner.allocate(bytes);
            area.memory().asSlice(owner.offset(handle), bytes).fill((byte) 1);
            owner.free(handle);
            long bad = owner.allocate(bytes);
            area.memory().set(ValueLayout.JAVA_BYTE, owner.offset(bad) + bytes, (byte) 1);
            String message = assertThrows(BlockOverflowException.class, () -> owner.free(bad)).getMessage();
            assertTrue(message.contains("a block of " + bytes + " bytes"), message);
            assertTrue(message.contains("CheckedModeTest.aWriteBehindTheEndIsFoundWithItsSite"), message);
            owner.free(bad);
        }
    }

    @Test
    void aReceiversOverflowIsFoundWhenTheBlockComesBack() {
        long handle = owner.allocate(100);
        owner.handOver(handle, 1);
        area.memory().set(ValueLayout.JAVA_BYTE, receiver.accept(handle) + 100, (byte) 1);
        receiver.free(handle);
        receiver.flush();
        assertThrows(BlockOverflowException.class, owner::collect);
    }

    @Test
    void doubleAndStaleFreesNameTheBlockThatIsThere() {
        long stale = owner.allocate(100);
        owner.free(stale);
        assertThrows(BadHandleException.class, () -> owner.free(stale));
        long present = owner.allocate(90);
        String message = assertThrows(BadHandleException.class, () -> owner.free(stale)).getMessage();
        assertTrue(message.contains("90 bytes, allocated at"), message);
        owner.free(present);
    }

    @Test
    void leaksAreListedByClassAndSite() {
        assertEquals("", owner.leaks());
        for (int i = 0; i < 3; i++) {
            long ignored = owner.allocate(1000);
        }
        long one = owner.allocate(5 << 20);
        String leaks = owner.leaks();
        assertEquals(2, leaks.lines().count(), leaks);
        assertTrue(leaks.contains("3 blocks with 3000 bytes of class " + SizeClasses.of(1008) + " allocated at"),
                leaks);
        assertTrue(leaks.contains("1 blocks with 5242880 bytes of class " + SizeClasses.BIG), leaks);
        assertTrue(leaks.contains("leaksAreListedByClassAndSite"), leaks);
        owner.free(one);
        assertEquals(1, owner.leaks().lines().count());
    }
}
