/**
 * How the ranks of a job, on any number of nodes, tell each other small values while they start: one interface, and an
 * implementation for each way that a launcher offers.
 */
package org.isthmus.node.bootstrap.exchange;
