/**
 * {@code isthmus simulate}: many nodes in one thread and in virtual time. The multiplexers are the project's own code;
 * the network, its cards and the ranks are models.
 */
package org.isthmus.launch.simulate;
