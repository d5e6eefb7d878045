namespace AppAttach.TestKit;

/// <summary>Where this checkout lies, found from the test's own output folder.</summary>
public static class Repository
{
    /// <summary>The folder that holds <c>AppAttach.Functions.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>An absolute path inside the checkout.</summary>
    public static string PathOf(params string[] segments) => Path.Combine([Root, .. segments]);

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "AppAttach.Functions.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"No AppAttach.Functions.sln above {AppContext.BaseDirectory}: tests run from a checkout.");
    }
}
