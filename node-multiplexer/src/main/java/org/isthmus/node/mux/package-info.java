/**
 * The node's multiplexer: takes the records of all ranks of the node that go to other nodes, batches them into frames
 * for the backend, and gives the records of arriving frames to the ranks.
 */
package org.isthmus.node.mux;
