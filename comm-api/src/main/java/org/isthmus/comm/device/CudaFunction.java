package org.isthmus.comm.device;

/** The functions of the driver API that are called, by the symbols of {@code libcuda.so.1} (CUDA 9 and later). */
enum CudaFunction {
    INIT("cuInit"),
    DRIVER_VERSION("cuDriverGetVersion"),
    ERROR_NAME("cuGetErrorName"),
    ERROR_STRING("cuGetErrorString"),
    DEVICE_COUNT("cuDeviceGetCount"),
    DEVICE_GET("cuDeviceGet"),
    DEVICE_NAME("cuDeviceGetName"),
    PRIMARY_CONTEXT_RETAIN("cuDevicePrimaryCtxRetain"),
    PRIMARY_CONTEXT_RELEASE("cuDevicePrimaryCtxRelease_v2"),
    CONTEXT_GET("cuCtxGetCurrent"),
    CONTEXT_SET("cuCtxSetCurrent"),
    POINTER_ATTRIBUTES("cuPointerGetAttributes"),
    ALLOCATE("cuMemAlloc_v2"),
    FREE("cuMemFree_v2"),
    HOST_ALLOCATE("cuMemAllocHost_v2"),
    HOST_FREE("cuMemFreeHost"),
    HOST_REGISTER("cuMemHostRegister_v2"),
    HOST_UNREGISTER("cuMemHostUnregister"),
    COPY_TO_DEVICE("cuMemcpyHtoDAsync_v2"),
    COPY_TO_HOST("cuMemcpyDtoHAsync_v2"),
    COPY_ON_DEVICE("cuMemcpyDtoDAsync_v2"),
    STREAM_CREATE("cuStreamCreate"),
    STREAM_DESTROY("cuStreamDestroy_v2"),
    STREAM_SYNCHRONIZE("cuStreamSynchronize"),
    EVENT_CREATE("cuEventCreate"),
    EVENT_DESTROY("cuEventDestroy_v2"),
    EVENT_RECORD("cuEventRecord"),
    EVENT_QUERY("cuEventQuery"),
    EVENT_SYNCHRONIZE("cuEventSynchronize"),
    MODULE_LOAD("cuModuleLoadData"),
    MODULE_FUNCTION("cuModuleGetFunction"),
    MODULE_UNLOAD("cuModuleUnload"),
    LAUNCH_KERNEL("cuLaunchKernel");

    final String symbol;

    CudaFunction(String symbol) {
        this.symbol = symbol;
    }
}
