package org.isthmus.rdma.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import org.isthmus.rdma.verbs.LibcNative;
import org.junit.jupiter.api.Test;

/** DiSNI's class that its endpoints' threads load, on a machine without libdisni. */
class AffinityClassTest {
    @Test
    void classWorksWithoutLibdisni() throws Exception {
        Class<?> type = new ClassLoader(getClass().getClassLoader()) {
            Class<?> define(byte[] bytes) {
                return defineClass(null, bytes, 0, bytes.length);
            }
        }.define(AffinityClass.bytes());
        assertEquals("com.ibm.disni.util.NativeAffinity", type.getName());
        type.getMethod("setAffinity", long.class).invoke(null, 0L);
        assertEquals(LibcNative.affinity(), type.getMethod("getAffinity").invoke(null));
        assertNotNull(Class.forName(type.getName(), false, getClass().getClassLoader())
                .getMethod("setAffinity", long.class));
    }
}
