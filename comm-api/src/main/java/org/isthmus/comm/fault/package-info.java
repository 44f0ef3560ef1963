/** Going on after the loss of processes: who is lost, what that breaks, and agreement among those who are left. */
package org.isthmus.comm.fault;
