package org.isthmus.launch.simulate;

/** Runs one scenario. Any thread; each run is on its own. */
public final class Simulation {
    private Simulation() {}

    public static Figures run(Scenario scenario) {
        return scenario.design().isMultiplexed() ? SharedSimulation.run(scenario) : DirectSimulation.run(scenario);
    }
}
