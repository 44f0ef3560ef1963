package org.isthmus.comm.op;

/** The inner loop of one operation on one array type: {@code inout[k] = in[k] op inout[k]} for k in [from, to). */
@FunctionalInterface
interface Kernel<A> {
    void apply(A in, A inout, int from, int to);
}
