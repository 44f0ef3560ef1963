package org.isthmus.comm.datatype;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/**
 * Datatypes as bytes, so that one process can tell another what a datatype of its own looks like.
 *
 * <pre>
 *  0  u8   kind, ordinal of Kind
 *  1  u8   base, ordinal of Primitive
 *     a predefined type ends here; a derived one goes on, little-endian:
 *  2  u8   1: the element's kind and base follow in the next two bytes; 0: the elements differ
 *  3  u8   kind of the element
 *  4  u8   base of the element
 *  5  u64  lower bound, extent, true lower bound, true extent, repeats, stride
 * 53  u32  blocks
 * 57  u64  offset and length of each block
 * </pre>
 *
 * The order in which basic elements of different sizes follow each other is not carried: only a receiver that counts
 * elements needs it. Any thread.
 */
public final class TypeCode {
    private static final int HEADER = 57;

    private TypeCode() {}

    public static byte[] encode(TypeMap type) {
        if (type.kind() != Kind.DERIVED) {
            return new byte[] {(byte) type.kind().ordinal(), (byte) type.base().ordinal()};
        }
        BlockLayout layout = type.layout;
        TypeMap element = type.element();
        ByteBuffer out = ByteBuffer.allocate(HEADER + 16 * layout.offsets.length).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) Kind.DERIVED.ordinal()).put((byte) type.base().ordinal());
        out.put((byte) (element == null ? 0 : 1));
        out.put((byte) (element == null ? 0 : element.kind().ordinal()));
        out.put((byte) (element == null ? 0 : element.base().ordinal()));
        out.putLong(type.lowerBound()).putLong(type.extent());
        out.putLong(type.trueLowerBound()).putLong(type.trueExtent());
        out.putLong(layout.repeats).putLong(layout.stride).putInt(layout.offsets.length);
        for (int i = 0; i < layout.offsets.length; i++) {
            out.putLong(layout.offsets[i]).putLong(layout.lengths[i]);
        }
        return out.array();
    }

    /** @throws CommException when {@code code} is no datatype */
    public static TypeMap decode(byte[] code) {
        try {
            return read(ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN));
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new CommException(ErrorClass.INTERN, "the description of a datatype, " + code.length
                    + " bytes, is damaged", e);
        }
    }

    private static TypeMap read(ByteBuffer in) {
        Kind kind = Kind.values()[in.get()];
        Primitive base = Primitive.values()[in.get()];
        if (kind != Kind.DERIVED) {
            return predefined(kind, base);
        }
        boolean uniform = in.get() != 0;
        Kind elementKind = Kind.values()[in.get()];
        Primitive elementBase = Primitive.values()[in.get()];
        TypeMap element = uniform ? predefined(elementKind, elementBase) : null;
        long low = in.getLong();
        long extent = in.getLong();
        long trueLow = in.getLong();
        long trueExtent = in.getLong();
        long repeats = in.getLong();
        long stride = in.getLong();
        int blocks = Objects.checkIndex(in.getInt(), in.remaining() / 16 + 1);
        BlockLayout.Builder tile = new BlockLayout.Builder();
        for (int i = 0; i < blocks; i++) {
            long offset = in.getLong();
            tile.add(BlockLayout.of(offset, in.getLong()), 0);
        }
        BlockLayout layout = tile.build().repeat(repeats, stride);
        TypeMap.Bounds bounds = new TypeMap.Bounds(low, low + extent, trueLow, trueLow + trueExtent);
        return new TypeMap(base, kind, element, layout, Signature.basic(layout.size()), bounds, 1, true);
    }

    private static TypeMap predefined(Kind kind, Primitive base) {
        return switch (kind) {
            case PRIMITIVE -> TypeMap.of(base);
            case FLOAT_COMPLEX -> TypeMap.FLOAT_COMPLEX;
            case DOUBLE_COMPLEX -> TypeMap.DOUBLE_COMPLEX;
            case INT2 -> TypeMap.INT2;
            case SHORT_INT -> TypeMap.SHORT_INT;
            case LONG_INT -> TypeMap.LONG_INT;
            case FLOAT_INT -> TypeMap.FLOAT_INT;
            case DOUBLE_INT -> TypeMap.DOUBLE_INT;
            case DERIVED -> throw new IndexOutOfBoundsException("an element is no derived type");
        };
    }
}
