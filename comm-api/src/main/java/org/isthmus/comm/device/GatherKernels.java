package org.isthmus.comm.device;

/**
 * The kernels that gather the bytes of a message with gaps into packed memory of the device, and scatter them from
 * there: PTX text, which the driver compiles once for each context. There is one for each direction and width of a
 * unit, 1, 2, 4 or 8 bytes; the widest that divides all offsets and lengths is taken.
 *
 * <p>Each thread moves every n-th unit: it finds element, tile and block of the unit's position in the packed stream,
 * the block by bisection ({@link org.isthmus.comm.datatype.PackedLayout}).
 */
final class GatherKernels {
    /** Parameters of a kernel, each 64 bits, in this order. */
    enum Parameter {
        /** Address of the packed bytes. */
        PACKED,
        /** Address of the first element. */
        BUFFER,
        /** Address of pairs of words, start and offset of each block. */
        TABLE,
        BLOCKS,
        TILE_BYTES,
        STRIDE,
        ELEMENT_BYTES,
        EXTENT,
        /** Position in the stream of the first packed byte. */
        POSITION,
        /** Units to move. */
        UNITS
    }

    static final int WIDTHS = 4;

    private static final String HEADER = """
            .version 6.0
            .target sm_50
            .address_size 64
            """;

    private static final String KERNEL = """

            .visible .entry $NAME(
                .param .u64 p0, .param .u64 p1, .param .u64 p2, .param .u64 p3, .param .u64 p4,
                .param .u64 p5, .param .u64 p6, .param .u64 p7, .param .u64 p8, .param .u64 p9)
            {
                .reg .pred %q<2>;
                .reg .b32 %r<4>;
                .reg .b64 %a<10>;
                .reg .b64 %x<16>;
                ld.param.u64 %a0, [p0];
                ld.param.u64 %a1, [p1];
                ld.param.u64 %a2, [p2];
                ld.param.u64 %a3, [p3];
                ld.param.u64 %a4, [p4];
                ld.param.u64 %a5, [p5];
                ld.param.u64 %a6, [p6];
                ld.param.u64 %a7, [p7];
                ld.param.u64 %a8, [p8];
                ld.param.u64 %a9, [p9];
                mov.u32 %r0, %ctaid.x;
                mov.u32 %r1, %ntid.x;
                mov.u32 %r2, %tid.x;
                mov.u32 %r3, %nctaid.x;
                mul.wide.u32 %x0, %r0, %r1;
                cvt.u64.u32 %x1, %r2;
                add.u64 %x0, %x0, %x1;
                mul.wide.u32 %x1, %r1, %r3;
            UNIT:
                setp.ge.u64 %q0, %x0, %a9;
                @%q0 bra DONE;
                shl.b64 %x2, %x0, $SHIFT;
                add.u64 %x3, %x2, %a8;
                add.u64 %x2, %x2, %a0;
                div.u64 %x4, %x3, %a6;
                rem.u64 %x5, %x3, %a6;
                div.u64 %x6, %x5, %a4;
                rem.u64 %x5, %x5, %a4;
                mov.u64 %x7, 0;
                mov.u64 %x8, %a3;
            HALVE:
                sub.u64 %x9, %x8, %x7;
                setp.le.u64 %q0, %x9, 1;
                @%q0 bra FOUND;
                add.u64 %x9, %x7, %x8;
                shr.u64 %x9, %x9, 1;
                shl.b64 %x10, %x9, 4;
                add.u64 %x10, %x10, %a2;
                ld.global.u64 %x11, [%x10];
                setp.gt.u64 %q1, %x11, %x5;
                selp.u64 %x8, %x9, %x8, %q1;
                selp.u64 %x7, %x7, %x9, %q1;
                bra HALVE;
            FOUND:
                shl.b64 %x10, %x7, 4;
                add.u64 %x10, %x10, %a2;
                ld.global.u64 %x11, [%x10];
                ld.global.u64 %x12, [%x10+8];
                sub.u64 %x5, %x5, %x11;
                add.u64 %x5, %x5, %x12;
                mad.lo.u64 %x5, %x6, %a5, %x5;
                mad.lo.u64 %x5, %x4, %a7, %x5;
                add.u64 %x5, %x5, %a1;
                ld.global.$TYPE %x13, [$FROM];
                st.global.$TYPE [$TO], %x13;
                add.u64 %x0, %x0, %x1;
                bra UNIT;
            DONE:
                ret;
            }
            """;

    private GatherKernels() {}

    /** All of them, as the driver takes them. */
    static String text() {
        StringBuilder text = new StringBuilder(HEADER);
        for (int shift = 0; shift < WIDTHS; shift++) {
            for (boolean gather : new boolean[] {true, false}) {
                text.append(KERNEL.replace("$NAME", name(gather, shift)).replace("$SHIFT", Integer.toString(shift))
                        .replace("$TYPE", "u" + (Byte.SIZE << shift)).replace("$FROM", gather ? "%x5" : "%x2")
                        .replace("$TO", gather ? "%x2" : "%x5"));
            }
        }
        return text.toString();
    }

    /** @param shift units have {@code 1 << shift} bytes */
    static String name(boolean gather, int shift) {
        return (gather ? "isthmus_gather_" : "isthmus_scatter_") + (1 << shift);
    }
}
