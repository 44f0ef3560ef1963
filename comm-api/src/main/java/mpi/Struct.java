package mpi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/**
 * A datatype made of fields, and views of such data in byte buffers and byte arrays (MPI 3.1, section 4.1.2,
 * {@code MPI_Type_create_struct}). A subclass adds its fields in its constructor, keeps the offsets that it gets, and
 * has a subclass of {@link Data} with a method for each field:
 *
 * <pre>{@code
 * final class Particle extends Struct {
 *     private final int position = addDouble(3), kind = addInt();
 *
 *     protected Data newData() { return new Data(); }
 *
 *     final class Data extends Struct.Data {
 *         int kind() { return getInt(kind); }
 *         void setPosition(int axis, double v) { putDouble(position, axis, v); }
 *     }
 * }
 * }</pre>
 *
 * <p>Offsets, lengths in bytes and extents are in bytes. A field follows the one before it without a gap, unless
 * {@link #setOffset} makes one. The extent is rounded up to the alignment of the largest field, as C does.
 *
 * <p>The first call of {@link #getType}, {@link #getExtent} or {@link #getData}, or the use as a field of another
 * struct, fixes the fields and commits the datatype; it needs a running session. Adding a field after that is an
 * {@code AssertionError}. Fields are added by one thread; after that any thread may make views.
 *
 * <p>The file is long because of its overloads for each type.
 */
public abstract class Struct {
    private record Field(int offset, int length, Datatype type) {
        boolean holds(int index, Datatype other) {
            return index >= 0 && index < length && type == other;
        }

        @Override
        public String toString() {
            return offset + ": " + (length == 1 ? "" : length + " x ") + type.describe();
        }
    }

    private final List<Field> fields = new ArrayList<>();
    private final Datatype predefined;

    /** Where the next field goes. */
    private int end;

    /** Set before {@link #type}. */
    private int extent;

    /** Null until the fields are fixed. */
    private volatile Datatype type;

    public Struct() {
        this(null);
    }

    /** A struct that is a predefined datatype, whose layout its fields repeat. */
    Struct(Datatype predefined) {
        this.predefined = predefined;
    }

    /** For the pairs, whose constructors are told sizes that are fixed in Java. */
    static void checkSize(String name, int bytes, int expected) {
        if (bytes != expected) {
            throw new IllegalArgumentException(name + " is " + bytes + "; it must be " + expected);
        }
    }

    /** Distance of consecutive structs in bytes. */
    public final int getExtent() throws MPIException {
        commit();
        return extent;
    }

    /** The committed datatype, of base BYTE; the same one every time. */
    public final Datatype getType() throws MPIException {
        return commit();
    }

    private Datatype commit() throws MPIException {
        Datatype committed = type;
        return committed != null ? committed : create();
    }

    private synchronized Datatype create() throws MPIException {
        if (type == null) {
            Datatype created = predefined;
            if (created == null) {
                created = Datatype.createStruct(fields.stream().mapToInt(Field::length).toArray(),
                        fields.stream().mapToInt(Field::offset).toArray(),
                        fields.stream().map(Field::type).toArray(Datatype[]::new));
                created.commit();
            }
            extent = created.getExtent();
            type = created;
        }
        return type;
    }

    /** A new object of this struct's own subclass of {@link Data}, which {@code getData} lays over a buffer. */
    protected abstract Data newData();

    /** A view of the struct at byte 0 of {@code buffer}, in the buffer's byte order. */
    public final <T extends Data> T getData(ByteBuffer buffer) throws MPIException {
        return getData(buffer, 0);
    }

    /** A view of element {@code index} of an array of structs in {@code buffer}. */
    public final <T extends Data> T getData(ByteBuffer buffer, int index) throws MPIException {
        commit();
        try {
            checkPlace(buffer, "buffer", buffer == null ? 0 : buffer.capacity(), index);
        } catch (CommException e) {
            throw Errors.raise(e);
        }
        return newData(buffer, index * extent);
    }

    /** A view of the struct at byte 0 of {@code array}, in native byte order. */
    public final <T extends Data> T getData(byte[] array) throws MPIException {
        return getData(array, 0);
    }

    /** A view of element {@code index} of an array of structs in {@code array}. */
    public final <T extends Data> T getData(byte[] array, int index) throws MPIException {
        commit();
        try {
            checkPlace(array, "array", array == null ? 0 : array.length, index);
        } catch (CommException e) {
            throw Errors.raise(e);
        }
        return newData(ByteBuffer.wrap(array).order(ByteOrder.nativeOrder()), index * extent);
    }

    private void checkPlace(Object memory, String name, int available, int index) {
        Checks.notNull(memory, name);
        if (index < 0) {
            throw Checks.arg("index is " + index + "; it must be 0 or more");
        }
        TypeMap map = Checks.definedType(type);
        long needed = (long) index * extent + map.trueLowerBound() + map.trueExtent();
        if (needed > available) {
            throw new CommException(ErrorClass.BUFFER, name + " has " + available + " bytes, but the struct at index "
                    + index + " ends at byte " + needed + "; it may hold " + available / Math.max(1, extent)
                    + " structs of " + extent + " bytes");
        }
    }

    /** The caller knows what its {@link #newData} makes: the type is that of the variable it assigns. */
    @SuppressWarnings("unchecked")
    private <T extends Data> T newData(ByteBuffer buffer, int offset) {
        Data data = Objects.requireNonNull(newData(), () -> getClass().getName() + ".newData() returned null");
        data.buffer = buffer;
        data.offset = offset;
        return (T) data;
    }

    /**
     * Sets where the next field goes.
     *
     * @param offset in bytes, not before the end of the fields so far
     * @return this struct
     */
    public final Struct setOffset(int offset) {
        checkOpen();
        if (offset < end) {
            throw new IllegalArgumentException(
                    "offset is " + offset + "; it must be " + end + " or more, the end of the fields so far");
        }
        end = offset;
        return this;
    }

    private void checkOpen() {
        if (type != null) {
            throw new AssertionError("the fields of " + getClass().getName() + " are fixed, since its datatype is in "
                    + "use: add fields in the constructor, before getType, getExtent and getData");
        }
    }

    private int addField(Datatype fieldType, long fieldBytes, int length) {
        checkOpen();
        if (length < 0) {
            throw new IllegalArgumentException("length is " + length + "; it must be 0 or more");
        }
        int offset = end;
        long next = offset + fieldBytes * length;
        if (next != (int) next) {
            throw new IllegalArgumentException("length is " + length + "; with elements of " + fieldBytes
                    + " bytes from offset " + offset + " the struct would be longer than 2147483647 bytes");
        }
        fields.add(new Field(offset, length, fieldType));
        end = (int) next;
        return offset;
    }

    // Fields: each method returns the offset of the new field; length is that of an array, in elements.

    public final int addByte() {
        return addByte(1);
    }

    public final int addByte(int length) {
        return addField(MPI.BYTE, Byte.BYTES, length);
    }

    public final int addChar() {
        return addChar(1);
    }

    public final int addChar(int length) {
        return addField(MPI.CHAR, Character.BYTES, length);
    }

    public final int addShort() {
        return addShort(1);
    }

    public final int addShort(int length) {
        return addField(MPI.SHORT, Short.BYTES, length);
    }

    public final int addInt() {
        return addInt(1);
    }

    public final int addInt(int length) {
        return addField(MPI.INT, Integer.BYTES, length);
    }

    public final int addLong() {
        return addLong(1);
    }

    public final int addLong(int length) {
        return addField(MPI.LONG, Long.BYTES, length);
    }

    public final int addFloat() {
        return addFloat(1);
    }

    public final int addFloat(int length) {
        return addField(MPI.FLOAT, Float.BYTES, length);
    }

    public final int addDouble() {
        return addDouble(1);
    }

    public final int addDouble(int length) {
        return addField(MPI.DOUBLE, Double.BYTES, length);
    }

    /** A field that is a struct itself. */
    public final int addStruct(Struct struct) throws MPIException {
        return addStruct(struct, 1);
    }

    public final int addStruct(Struct struct, int length) throws MPIException {
        if (struct == null) {
            throw Errors.raise(Checks.arg("struct is null"));
        }
        checkOpen();
        if (struct == this) {
            throw Errors.raise(Checks.arg("struct is the struct itself; a field must be of another one"));
        }
        return addField(struct.commit(), struct.extent, length);
    }

    /** A field of any other datatype. */
    public final int addData(Datatype type) throws MPIException {
        return addData(type, 1);
    }

    public final int addData(Datatype type, int length) throws MPIException {
        Session.check();
        try {
            return addField(type, Checks.definedType(type).extent(), length);
        } catch (CommException e) {
            throw Errors.raise(e);
        }
    }

    /** Whether there is such an element of a field at {@code offset}. */
    private boolean hasField(int offset, int index, Datatype fieldType) {
        for (Field field : fields) {
            if (field.offset == offset && field.holds(index, fieldType)) {
                return true;
            }
        }
        return false;
    }

    private String noField(int offset, int index, Datatype fieldType) {
        return "there is no element " + index + " of type " + (fieldType == null ? "null" : fieldType.describe())
                + " in a field at offset " + offset + "; " + getClass().getName() + " has " + fields;
    }

    /**
     * A view of one struct in a buffer. The accessors take the offset that adding the field returned, and for arrays
     * the index of an element. Field, index and type are checked when assertions are enabled ({@code java -ea}), the
     * buffer's bounds always ({@code IndexOutOfBoundsException}). One thread at a time.
     */
    public abstract class Data {
        private ByteBuffer buffer;
        private int offset;

        /** The buffer from this struct on, for use in messages; at offset 0 the buffer itself. */
        public final ByteBuffer getBuffer() {
            return from(offset);
        }

        private ByteBuffer from(int position) {
            return position == 0 ? buffer : MPI.slice(buffer, position);
        }

        private int at(int field, int index, Datatype fieldType, int fieldBytes) {
            assert hasField(field, index, fieldType) : noField(field, index, fieldType);
            return offset + field + index * fieldBytes;
        }

        protected final byte getByte(int field) {
            return getByte(field, 0);
        }

        protected final byte getByte(int field, int index) {
            return buffer.get(at(field, index, MPI.BYTE, Byte.BYTES));
        }

        protected final void putByte(int field, byte v) {
            putByte(field, 0, v);
        }

        protected final void putByte(int field, int index, byte v) {
            buffer.put(at(field, index, MPI.BYTE, Byte.BYTES), v);
        }

        protected final char getChar(int field) {
            return getChar(field, 0);
        }

        protected final char getChar(int field, int index) {
            return buffer.getChar(at(field, index, MPI.CHAR, Character.BYTES));
        }

        protected final void putChar(int field, char v) {
            putChar(field, 0, v);
        }

        protected final void putChar(int field, int index, char v) {
            buffer.putChar(at(field, index, MPI.CHAR, Character.BYTES), v);
        }

        protected final short getShort(int field) {
            return getShort(field, 0);
        }

        protected final short getShort(int field, int index) {
            return buffer.getShort(at(field, index, MPI.SHORT, Short.BYTES));
        }

        protected final void putShort(int field, short v) {
            putShort(field, 0, v);
        }

        protected final void putShort(int field, int index, short v) {
            buffer.putShort(at(field, index, MPI.SHORT, Short.BYTES), v);
        }

        protected final int getInt(int field) {
            return getInt(field, 0);
        }

        protected final int getInt(int field, int index) {
            return buffer.getInt(at(field, index, MPI.INT, Integer.BYTES));
        }

        protected final void putInt(int field, int v) {
            putInt(field, 0, v);
        }

        protected final void putInt(int field, int index, int v) {
            buffer.putInt(at(field, index, MPI.INT, Integer.BYTES), v);
        }

        protected final long getLong(int field) {
            return getLong(field, 0);
        }

        protected final long getLong(int field, int index) {
            return buffer.getLong(at(field, index, MPI.LONG, Long.BYTES));
        }

        protected final void putLong(int field, long v) {
            putLong(field, 0, v);
        }

        protected final void putLong(int field, int index, long v) {
            buffer.putLong(at(field, index, MPI.LONG, Long.BYTES), v);
        }

        protected final float getFloat(int field) {
            return getFloat(field, 0);
        }

        protected final float getFloat(int field, int index) {
            return buffer.getFloat(at(field, index, MPI.FLOAT, Float.BYTES));
        }

        protected final void putFloat(int field, float v) {
            putFloat(field, 0, v);
        }

        protected final void putFloat(int field, int index, float v) {
            buffer.putFloat(at(field, index, MPI.FLOAT, Float.BYTES), v);
        }

        protected final double getDouble(int field) {
            return getDouble(field, 0);
        }

        protected final double getDouble(int field, int index) {
            return buffer.getDouble(at(field, index, MPI.DOUBLE, Double.BYTES));
        }

        protected final void putDouble(int field, double v) {
            putDouble(field, 0, v);
        }

        protected final void putDouble(int field, int index, double v) {
            buffer.putDouble(at(field, index, MPI.DOUBLE, Double.BYTES), v);
        }

        /** A view of a field that is a {@code struct}. */
        protected final <S extends Struct, D extends Struct.Data> D getData(S struct, int field) {
            return getData(struct, field, 0);
        }

        protected final <S extends Struct, D extends Struct.Data> D getData(S struct, int field, int index) {
            Struct element = struct;
            return element.newData(buffer, at(field, index, element.type, element.extent));
        }

        /** The buffer from a field of {@code type} on, for use in messages. */
        protected final ByteBuffer getBuffer(Datatype type, int field) {
            return from(at(field, 0, type, 0));
        }

        protected final ByteBuffer getBuffer(Datatype type, int field, int index) throws MPIException {
            Session.check();
            try {
                return from(at(field, index, type, (int) Checks.definedType(type).extent()));
            } catch (CommException e) {
                throw Errors.raise(e);
            }
        }
    }
}
