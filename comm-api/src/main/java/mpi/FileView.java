package mpi;

/** What a process sees of a file (MPI 3.1, section 13.3), as it was passed to {@link File#setView}. Immutable. */
public final class FileView {
    private final long disp;
    private final Datatype etype;
    private final Datatype filetype;
    private final String datarep;

    public FileView(long disp, Datatype etype, Datatype filetype, String datarep) {
        this.disp = disp;
        this.etype = etype;
        this.filetype = filetype;
        this.datarep = datarep;
    }

    /** Where the view begins, in bytes from the start of the file. */
    public long getDisp() {
        return disp;
    }

    /** The unit of positions. */
    public Datatype getEType() {
        return etype;
    }

    /** Which etypes are seen; repeated to the end of the file. */
    public Datatype getFileType() {
        return filetype;
    }

    /** How numbers look in the file: {@code native}, {@code internal} or {@code external32}. */
    public String getDataRep() {
        return datarep;
    }
}
