/** Collectives of communicators over several nodes: phases inside each node, and between one member of each. */
package org.isthmus.comm.coll.spread;
