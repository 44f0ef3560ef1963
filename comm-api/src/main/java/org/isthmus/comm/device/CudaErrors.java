package org.isthmus.comm.device;

import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/** Results of the driver API (type {@code CUresult}): those that are looked at, and what to do about the others. */
final class CudaErrors {
    static final int SUCCESS = 0;
    static final int OUT_OF_MEMORY = 2;
    static final int NOT_INITIALIZED = 3;
    static final int DEINITIALIZED = 4;
    static final int INVALID_CONTEXT = 201;
    static final int NOT_READY = 600;
    static final int CONTEXT_IS_DESTROYED = 709;

    private CudaErrors() {}

    /** @param name and {@code text}: what the driver calls the error */
    static CommException failed(CudaFunction function, int result, String name, String text) {
        return new CommException(result == OUT_OF_MEMORY ? ErrorClass.NO_MEM : ErrorClass.OTHER,
                function.symbol + " answered " + result + " (" + name + ": " + text + "); " + advice(result));
    }

    private static String advice(int result) {
        return switch (result) {
            case OUT_OF_MEMORY -> "free memory of the device, or let fewer ranks share it";
            case NOT_INITIALIZED, DEINITIALIZED, INVALID_CONTEXT, CONTEXT_IS_DESTROYED ->
                "keep the CUDA context that a message buffer belongs to until MPI.Finalize";
            case 100, 101 -> "nvidia-smi shows the devices of this node; see that CUDA_VISIBLE_DEVICES names one of "
                    + "them and that the container may use it";
            case 209, 218, 222 -> "the driver does not take the kernels for datatypes with gaps: update it, or send "
                    + "contiguous data from this device";
            case 700, 716, 717, 718, 719 -> "see that the buffer's address and length lie in one allocation of the "
                    + "device that is not freed; compute-sanitizer finds the kernel that went wrong";
            case 803, 804 -> "the library of the driver does not fit its kernel module: restart the node, or in a "
                    + "container take the host's libcuda.so.1";
            default -> "isthmus doctor shows what is known of the driver; -Disthmus.cuda=off does without it";
        };
    }

    /** Whether a result says that the process or the program has ended CUDA, after which there is nothing to free. */
    static boolean isGone(int result) {
        return result == DEINITIALIZED || result == INVALID_CONTEXT || result == CONTEXT_IS_DESTROYED;
    }
}
