/** Collectives of ranks on one node through flags and buffers in the segment, one class per algorithm. */
package org.isthmus.comm.coll.node;
