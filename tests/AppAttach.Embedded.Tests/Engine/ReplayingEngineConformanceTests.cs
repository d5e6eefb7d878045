using AppAttach.Embedded.Engine;

namespace AppAttach.Embedded.Tests.Engine;

public sealed class ReplayingEngineConformanceTests : OrchestrationContextConformanceTests
{
    protected override IOrchestrationTestHost CreateHost(bool clockJumps) =>
        new EngineTestHost(new EngineOptions { ReplayEveryStep = true }, new ManualTimeProvider { JumpsToTimers = clockJumps });
}
