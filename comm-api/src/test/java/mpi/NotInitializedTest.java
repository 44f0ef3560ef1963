package mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The API before Init, in copies of its classes of this test's own. */
class NotInitializedTest {
    private static Class<?> load(String name) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return Class.forName(name, true,
                new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader()));
    }

    @Test
    void callsFailWithTheReason() throws Exception {
        Class<?> mpi = load("mpi.MPI");
        Object world = mpi.getField("COMM_WORLD").get(null);
        InvocationTargetException e = assertThrows(InvocationTargetException.class,
                () -> world.getClass().getMethod("getSize").invoke(world));
        assertEquals("MPI is not initialized.", e.getCause().getMessage());
        assertEquals(0, e.getCause().getClass().getMethod("getErrorCode").invoke(e.getCause()));
        assertThrows(InvocationTargetException.class, () -> mpi.getMethod("wtime").invoke(null));
        assertThrows(InvocationTargetException.class, () -> mpi.getMethod("Finalize").invoke(null));
    }

    @Test
    void queriesAndBuffersWork() throws Exception {
        Class<?> mpi = load("mpi.MPI");
        assertEquals(false, mpi.getMethod("isInitialized").invoke(null));
        assertEquals(false, mpi.getMethod("isFinalized").invoke(null));
        assertTrue(((String) mpi.getMethod("getLibVersion").invoke(null)).startsWith("Isthmus"));
        java.nio.IntBuffer ints = assertInstanceOf(java.nio.IntBuffer.class,
                mpi.getMethod("newIntBuffer", int.class).invoke(null, 5));
        assertEquals(5, ints.capacity());
        assertTrue(ints.isDirect());
        assertEquals(true, mpi.getField("COMM_WORLD").getType().getMethod("isNull")
                .invoke(mpi.getField("COMM_WORLD").get(null)));
    }
}
