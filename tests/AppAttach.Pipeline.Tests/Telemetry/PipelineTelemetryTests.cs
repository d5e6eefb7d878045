using System.Diagnostics;
using System.Diagnostics.Metrics;
using AppAttach.Pipeline.Telemetry;

namespace AppAttach.Pipeline.Tests.Telemetry;

public sealed class PipelineTelemetryTests
{
    [Fact]
    public async Task ActivityThatEnds_IsASpanAndADuration()
    {
        var (spans, measured) = await RunAsync("Good", () => Task.FromResult(5));

        Assert.Equal(ActivityStatusCode.Unset, Assert.Single(spans).Status);
        Assert.Equal("done", Assert.Single(measured)["result"]);
    }

    [Fact]
    public async Task ActivityThatFails_SaysSoAndPassesTheErrorOn()
    {
        var (spans, measured) = await RunAsync("Bad", () => throw new IOException("no disk"));

        Assert.Equal((ActivityStatusCode.Error, "no disk"), (Assert.Single(spans).Status, spans[0].StatusDescription));
        Assert.Equal("failed", Assert.Single(measured)["result"]);
    }

    [Fact]
    public async Task ActivityThatIsStopped_IsNoFailure()
    {
        var (_, measured) = await RunAsync("Stopped", () => throw new OperationCanceledException());

        Assert.Equal("stopped", Assert.Single(measured)["result"]);
    }

    private static async Task<(List<Activity> Spans, List<Dictionary<string, object?>> Measured)> RunAsync(string name, Func<Task<int>> run)
    {
        var (spans, measured) = (new List<Activity>(), new List<Dictionary<string, object?>>());
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PipelineTelemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                // Other tests run beside this one.
                if (span.OperationName == name)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var meter = new MeterListener
        {
            InstrumentPublished = (instrument, metrics) =>
            {
                if (instrument.Meter.Name == PipelineTelemetry.Name)
                {
                    metrics.EnableMeasurementEvents(instrument);
                }
            },
        };
        meter.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            var all = tags.ToArray().ToDictionary();
            if (Equals(all["activity"], name))
            {
                measured.Add(all);
            }
        });
        meter.Start();
        var failure = await Record.ExceptionAsync(() => PipelineTelemetry.RunActivityAsync(name, run));
        Assert.Equal(name == "Good", failure is null);
        return (spans, measured);
    }
}
