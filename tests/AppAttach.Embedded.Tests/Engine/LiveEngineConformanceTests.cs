using AppAttach.Embedded.Engine;

namespace AppAttach.Embedded.Tests.Engine;

public sealed class LiveEngineConformanceTests : OrchestrationContextConformanceTests
{
    protected override IOrchestrationTestHost CreateHost(bool clockJumps) =>
        new EngineTestHost(new EngineOptions(), new ManualTimeProvider { JumpsToTimers = clockJumps });
}
