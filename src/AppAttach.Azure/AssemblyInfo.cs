using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("AppAttach.Azure.Tests")]
