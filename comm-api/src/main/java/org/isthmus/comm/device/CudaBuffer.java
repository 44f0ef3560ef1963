package org.isthmus.comm.device;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.isthmus.comm.buffer.DeviceBuffer;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;

/** A message buffer in memory of a CUDA device. A ticket is the event behind the copy. */
final class CudaBuffer extends DeviceBuffer {
    /** Whose lock is held for every use of a context. */
    private final CudaDevices devices;
    private final CudaContext context;
    private final long address;

    CudaBuffer(CudaDevices devices, CudaContext context, long address) {
        this.devices = devices;
        this.context = context;
        this.address = address;
    }

    @Override
    public void pack(long offset, TypeMap type, long position, MemorySegment dst, long dstOffset, long length) {
        synchronized (devices) {
            long previous = context.enter();
            try {
                if (dst.isNative()) {
                    enqueuePack(offset, type, position, address(dst, dstOffset, length), length);
                    context.out().synchronize();
                } else {
                    packByBounce(offset, type, position, dst, dstOffset, length);
                }
            } finally {
                context.leave(previous);
            }
        }
    }

    private static long address(MemorySegment host, long offset, long length) {
        return host.address() + Objects.checkFromIndexSize(offset, length, host.byteSize());
    }

    private void packByBounce(long offset, TypeMap type, long position, MemorySegment dst, long dstOffset,
            long length) {
        MemorySegment bounce = context.bounce();
        for (long done = 0; done < length; done += CudaContext.BOUNCE_BYTES) {
            long bytes = Math.min(CudaContext.BOUNCE_BYTES, length - done);
            enqueuePack(offset, type, position + done, bounce.address(), bytes);
            context.out().synchronize();
            MemorySegment.copy(bounce, 0, dst, dstOffset + done, bytes);
        }
    }

    @Override
    public void unpack(MemorySegment src, long srcOffset, long offset, TypeMap type, long position, long length) {
        synchronized (devices) {
            long previous = context.enter();
            try {
                if (src.isNative()) {
                    enqueueUnpack(address(src, srcOffset, length), offset, type, position, length);
                    context.in().synchronize();
                } else {
                    unpackByBounce(src, srcOffset, offset, type, position, length);
                }
            } finally {
                context.leave(previous);
            }
        }
    }

    private void unpackByBounce(MemorySegment src, long srcOffset, long offset, TypeMap type, long position,
            long length) {
        MemorySegment bounce = context.bounce();
        for (long done = 0; done < length; done += CudaContext.BOUNCE_BYTES) {
            long bytes = Math.min(CudaContext.BOUNCE_BYTES, length - done);
            MemorySegment.copy(src, srcOffset + done, bounce, 0, bytes);
            enqueueUnpack(bounce.address(), offset, type, position + done, bytes);
            context.in().synchronize();
        }
    }

    @Override
    public long beginPack(long offset, TypeMap type, long position, MemorySegment dst, long dstOffset, long length) {
        synchronized (devices) {
            long previous = context.enter();
            try {
                enqueuePack(offset, type, position, address(dst, dstOffset, length), length);
                return mark(context.out());
            } finally {
                context.leave(previous);
            }
        }
    }

    @Override
    public long beginUnpack(MemorySegment src, long srcOffset, long offset, TypeMap type, long position,
            long length) {
        synchronized (devices) {
            long previous = context.enter();
            try {
                enqueueUnpack(address(src, srcOffset, length), offset, type, position, length);
                return mark(context.in());
            } finally {
                context.leave(previous);
            }
        }
    }

    private long mark(CudaLane lane) {
        try {
            return context.mark(lane);
        } catch (CommException e) {
            lane.settle();
            throw e;
        }
    }

    private void enqueuePack(long offset, TypeMap type, long position, long host, long length) {
        try {
            context.out().pack(address + offset, type, position, host, length);
        } catch (CommException e) {
            context.out().settle();
            throw e;
        }
    }

    private void enqueueUnpack(long host, long offset, TypeMap type, long position, long length) {
        try {
            context.in().unpack(host, address + offset, type, position, length);
        } catch (CommException e) {
            context.in().settle();
            throw e;
        }
    }

    @Override
    public boolean isDone(long ticket) {
        synchronized (devices) {
            long previous = context.enter();
            try {
                return context.isDone(ticket);
            } finally {
                context.leave(previous);
            }
        }
    }

    @Override
    public void await(long ticket) {
        synchronized (devices) {
            long previous = context.enter();
            try {
                context.await(ticket);
            } finally {
                context.leave(previous);
            }
        }
    }

    @Override
    public boolean copyFrom(DeviceBuffer source, long sourceOffset, long offset, long length) {
        if (!(source instanceof CudaBuffer from) || from.context != context) {
            return false;
        }
        synchronized (devices) {
            long previous = context.enter();
            try {
                context.out().copyOnDevice(from.address + sourceOffset, address + offset, length);
                context.out().synchronize();
            } finally {
                context.leave(previous);
            }
        }
        return true;
    }
}
