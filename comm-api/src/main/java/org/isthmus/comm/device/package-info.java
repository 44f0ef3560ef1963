/**
 * Message buffers in the memory of CUDA devices: the driver API by FFM, persistent streams, kernels that gather and
 * scatter. Loaded only where the setting {@code isthmus.cuda} and the node's driver allow it.
 */
package org.isthmus.comm.device;
