package mpi;

import org.isthmus.comm.pt2pt.TransferRequest;

/** A transfer that is complete from the start: to or from nobody, or handed to the buffer of buffered sends. */
final class FinishedTransfer extends TransferRequest {
    FinishedTransfer() {
        source = Constant.PROC_NULL;
        tag = Constant.ANY_TAG;
        done = true;
    }
}
