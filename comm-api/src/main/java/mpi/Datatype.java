package mpi;

import java.util.function.Supplier;
import org.isthmus.comm.datatype.DerivedTypes;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/**
 * A datatype handle (MPI 3.1, chapter 4). Every datatype has a base, one of Java's primitive types: an array that is
 * used with it must be of that type. {@link #getExtent} and its like are in units of the base.
 *
 * <p>Predefined types and their duplicates are committed; others need {@link #commit} before they are used in a
 * message. Local; a committed type is usable from any thread.
 */
public final class Datatype implements Freeable, Cloneable {
    private static final Attributes.Keyvals KEYVALS = new Attributes.Keyvals();

    /** Null after {@link #free}. */
    TypeMap map;

    boolean committed;

    private final boolean predefined;
    private final Attributes attributes = new Attributes();
    private String name;

    private Datatype(TypeMap map, boolean committed, boolean predefined, String name) {
        this.map = map;
        this.committed = committed;
        this.predefined = predefined;
        this.name = name;
    }

    static Datatype predefined(Primitive primitive) {
        return predefined(TypeMap.of(primitive), "MPI_" + primitive.name());
    }

    static Datatype predefined(TypeMap map, String name) {
        return new Datatype(map, true, true, name);
    }

    /** A type that no constructor of the API makes; not committed. */
    static Datatype derived(TypeMap map) {
        return new Datatype(map, false, false, "");
    }

    /** A predefined type itself, of others another handle, without attributes, which outlives this one. */
    Datatype sameType() {
        return predefined ? this : new Datatype(map, committed, false, name);
    }

    static Datatype nullHandle() {
        return new Datatype(null, false, true, "MPI_DATATYPE_NULL");
    }

    /** Lower bound in units of the base. */
    public int getLb() throws MPIException {
        return units(defined().lowerBound());
    }

    /** Distance of consecutive elements in units of the base. */
    public int getExtent() throws MPIException {
        return units(defined().extent());
    }

    /** First unit of the base that an element occupies. */
    public int getTrueLb() throws MPIException {
        return units(defined().trueLowerBound());
    }

    /** Units of the base from the first to the last that an element occupies. */
    public int getTrueExtent() throws MPIException {
        return units(defined().trueExtent());
    }

    /** Data in one element, in units of the base. */
    public int getSize() throws MPIException {
        return units(defined().size());
    }

    private TypeMap defined() throws MPIException {
        return call(() -> Checks.definedType(this));
    }

    private int units(long bytes) throws MPIException {
        return call(() -> {
            long units = bytes / map.base().bytes();
            if (units != (int) units) {
                throw new CommException(ErrorClass.TYPE, units + " units of the base do not fit an int");
            }
            return (int) units;
        });
    }

    /** Makes the type usable in messages. */
    public void commit() throws MPIException {
        defined();
        committed = true;
    }

    /** Gives the handle back; messages under way are not affected. */
    @Override
    public void free() throws MPIException {
        call(() -> {
            Checks.definedType(this);
            if (predefined) {
                throw new CommException(ErrorClass.TYPE, "the datatype " + name + " is predefined: it cannot be freed");
            }
            map = null;
            return null;
        });
    }

    public boolean isNull() {
        return map == null;
    }

    /** As {@link #dup}; an error is a {@code RuntimeException}. */
    @Override
    public Datatype clone() {
        try {
            return dup();
        } catch (MPIException e) {
            throw new RuntimeException(e.getMessage(), e);
        }
    }

    /** A type of the same map and state, with copies of the attributes. */
    public Datatype dup() throws MPIException {
        Datatype copy = new Datatype(defined(), committed, false, "");
        attributes.copyTo(copy.attributes);
        return copy;
    }

    /** {@code count} elements of {@code oldType}, one after the other. */
    public static Datatype createContiguous(int count, Datatype oldType) throws MPIException {
        return create(() -> DerivedTypes.contiguous(count("count", count), Checks.definedType(oldType)));
    }

    /** @param stride distance of the blocks, in extents of {@code oldType}. */
    public static Datatype createVector(int count, int blockLength, int stride, Datatype oldType)
            throws MPIException {
        return create(() -> DerivedTypes.vector(count("count", count), count("blockLength", blockLength), stride,
                Checks.definedType(oldType)));
    }

    /** @param stride distance of the blocks in bytes. */
    public static Datatype createHVector(int count, int blockLength, int stride, Datatype oldType)
            throws MPIException {
        return create(() -> DerivedTypes.hvector(count("count", count), count("blockLength", blockLength), stride,
                Checks.definedType(oldType)));
    }

    /** @param displacements of the blocks, in extents of {@code oldType}. */
    public static Datatype createIndexed(int[] blockLengths, int[] displacements, Datatype oldType)
            throws MPIException {
        return create(() -> {
            blocks(blockLengths, displacements);
            return DerivedTypes.indexed(blockLengths, displacements, Checks.definedType(oldType));
        });
    }

    /** @param displacements of the blocks in bytes. */
    public static Datatype createHIndexed(int[] blockLengths, int[] displacements, Datatype oldType)
            throws MPIException {
        return create(() -> {
            blocks(blockLengths, displacements);
            return DerivedTypes.hindexed(blockLengths, displacements, Checks.definedType(oldType));
        });
    }

    /** @param displacements of the blocks in bytes. The base of the new type is BYTE. */
    public static Datatype createStruct(int[] blockLengths, int[] displacements, Datatype[] types)
            throws MPIException {
        return create(() -> {
            blocks(blockLengths, displacements);
            Checks.notNull(types, "types");
            if (types.length < blockLengths.length) {
                throw Checks.arg("types has " + types.length + " entries; it must have one for each of the "
                        + blockLengths.length + " blocks");
            }
            TypeMap[] maps = new TypeMap[blockLengths.length];
            for (int i = 0; i < maps.length; i++) {
                maps[i] = Checks.definedType(types[i]);
            }
            return DerivedTypes.struct(blockLengths, displacements, maps);
        });
    }

    /** {@code oldType} with other bounds; {@code lb} and {@code extent} are in bytes. */
    public static Datatype createResized(Datatype oldType, int lb, int extent) throws MPIException {
        return create(() -> DerivedTypes.resized(Checks.definedType(oldType), lb, extent));
    }

    private static Datatype create(Supplier<TypeMap> constructor) throws MPIException {
        return derived(call(constructor));
    }

    private static int count(String name, int count) {
        if (count < 0) {
            throw Checks.negativeCount(name, count);
        }
        return count;
    }

    private static void blocks(int[] blockLengths, int[] displacements) {
        Checks.notNull(blockLengths, "blockLengths");
        Checks.notNull(displacements, "displacements");
        if (displacements.length < blockLengths.length) {
            throw Checks.arg("displacements has " + displacements.length + " entries; it must have one for each of the "
                    + blockLengths.length + " blocks");
        }
        for (int i = 0; i < blockLengths.length; i++) {
            count("blockLengths[" + i + "]", blockLengths[i]);
        }
    }

    /** Sets the name; beyond {@code MPI.MAX_OBJECT_NAME - 1} characters it is cut. */
    public void setName(String name) throws MPIException {
        defined();
        this.name = Comm.cutName(name);
    }

    public String getName() throws MPIException {
        defined();
        return name;
    }

    public static int createKeyval() throws MPIException {
        return call(KEYVALS::create);
    }

    public static void freeKeyval(int keyval) throws MPIException {
        call(() -> {
            KEYVALS.free(keyval);
            return null;
        });
    }

    /** Attaches a serialized copy of {@code value}. */
    public void setAttr(int keyval, Object value) throws MPIException {
        defined();
        call(() -> {
            KEYVALS.check(keyval);
            attributes.set(keyval, value);
            return null;
        });
    }

    /** A copy of the attribute's value, null when it is not set. */
    public Object getAttr(int keyval) throws MPIException {
        defined();
        return call(() -> {
            KEYVALS.checkUse(keyval, attributes);
            return attributes.get(keyval);
        });
    }

    public void deleteAttr(int keyval) throws MPIException {
        defined();
        call(() -> {
            KEYVALS.checkUse(keyval, attributes);
            attributes.delete(keyval);
            return null;
        });
    }

    /** For messages. */
    String describe() {
        return !name.isEmpty() ? name
                : "derived from " + map.base() + ", size " + map.size() + " bytes, extent " + map.extent();
    }

    private static <T> T call(Supplier<T> action) throws MPIException {
        Session.check();
        try {
            return action.get();
        } catch (CommException e) {
            throw Errors.raise(e);
        }
    }
}
