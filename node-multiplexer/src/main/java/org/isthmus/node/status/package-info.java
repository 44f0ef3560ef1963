/**
 * What a live job shows of itself: counters in the node segment ({@link org.isthmus.node.shm.StatusDescriptor}), who
 * writes them, how another process finds and reads them, and reports of them for people.
 */
package org.isthmus.node.status;
