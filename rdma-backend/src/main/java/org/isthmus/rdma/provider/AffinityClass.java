package org.isthmus.rdma.provider;

import com.ibm.disni.util.MemBuf;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;

/**
 * DiSNI's {@code com.ibm.disni.util.NativeAffinity} for a machine without libdisni. Threads of DiSNI's endpoints
 * initialise that class, which loads libdisni, and die if it is not there. Without libdisni a class of that name is
 * defined that calls {@link Affinity}, before DiSNI loads its own.
 */
final class AffinityClass {
    private static final String NAME = "com.ibm.disni.util.NativeAffinity";
    private static final ClassDesc TARGET = ClassDesc.of("org.isthmus.rdma.provider.Affinity");
    private static final int FLAGS = ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC;

    private AffinityClass() {}

    static void defineIfMissing() {
        if (libraryLoads()) {
            return;
        }
        try {
            MethodHandles.privateLookupIn(MemBuf.class, MethodHandles.lookup()).defineClass(bytes());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("cannot define " + NAME
                    + ": put DiSNI on the class path, not the module path", e);
        } catch (LinkageError e) {
            System.getLogger(AffinityClass.class.getName()).log(System.Logger.Level.DEBUG,
                    "DiSNI has loaded {0} already: {1}", NAME, e);
        }
    }

    private static boolean libraryLoads() {
        try {
            System.loadLibrary("disni");
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false; // the usual case
        }
    }

    static byte[] bytes() {
        MethodTypeDesc set = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long);
        MethodTypeDesc get = MethodTypeDesc.of(ConstantDescs.CD_long);
        return ClassFile.of().build(ClassDesc.of(NAME), type -> type
                .withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                .withMethodBody("setAffinity", set, FLAGS,
                code -> code.lload(0).invokestatic(TARGET, "set", set).return_())
                .withMethodBody("getAffinity", get, FLAGS, code -> code.invokestatic(TARGET, "get", get).lreturn()));
    }
}
