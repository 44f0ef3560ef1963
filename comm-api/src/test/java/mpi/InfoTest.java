package mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static mpi.SingleRank.assertRaises;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SingleRank.class)
class InfoTest {
    @Test
    void keepsKeysInOrder() throws MPIException {
        Info info = new Info();
        info.set("one", "1");
        info.set("two", "2");
        info.set("one", "I");
        assertEquals(2, info.size());
        assertEquals("one", info.getKey(0));
        assertEquals("two", info.getKey(1));
        assertEquals("I", info.get("one"));
        assertNull(info.get("three"));
        Info copy = info.dup();
        info.delete("one");
        assertEquals("I", copy.get("one"));
        assertEquals(1, info.size());
        assertEquals(2, copy.clone().size());
        info.free();
        assertTrue(info.isNull());
    }

    @Test
    void badKeysAndValuesAreErrors() throws MPIException {
        Info info = new Info();
        assertRaises(MPI.ERR_INFO_KEY, "37 characters", () -> info.set("k".repeat(37), "v"));
        assertRaises(MPI.ERR_INFO_KEY, "null", () -> info.get(null));
        assertRaises(MPI.ERR_INFO_VALUE, "257 characters", () -> info.set("k", "v".repeat(257)));
        assertRaises(MPI.ERR_INFO_NOKEY, "no key \"k\"", () -> info.delete("k"));
        assertRaises(MPI.ERR_ARG, "i is 0", () -> info.getKey(0));
        assertRaises(MPI.ERR_INFO, "INFO_NULL", () -> MPI.INFO_NULL.size());
        info.set("k".repeat(36), "v".repeat(256));
    }

    @Test
    void countsAreNumbers() {
        Count count = new Count(5);
        assertEquals(new Count(5), count);
        count.setCount(6);
        assertEquals(6, count.getCount());
        assertNotEquals(new Count(5), count);
        assertTrue(count.compareTo(new Count(5)) > 0);
    }
}
