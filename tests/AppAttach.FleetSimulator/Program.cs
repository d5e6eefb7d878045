using AppAttach.FleetSimulator.Running;

return await (args switch
{
    ["seeds", .. var rest] => SeedsCommand.RunAsync(rest),
    _ => UsageAsync(),
});

static async Task<int> UsageAsync()
{
    await Console.Error.WriteLineAsync("""
        seeds [FROM COUNT]   fleets with faults, each from its seed: does everything hold in the end?
        """);
    return 2;
}
