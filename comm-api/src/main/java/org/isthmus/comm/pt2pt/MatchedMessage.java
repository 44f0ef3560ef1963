package org.isthmus.comm.pt2pt;

/**
 * A message that a matched probe took out of matching; to be received exactly once with {@link PointToPoint#imrecv}.
 */
public abstract class MatchedMessage extends Envelope {}
