/** The variants of the single-producer single-consumer ring, and queues for several producers. */
package org.isthmus.node.shm.ring;
