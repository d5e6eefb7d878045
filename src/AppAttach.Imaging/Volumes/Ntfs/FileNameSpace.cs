namespace AppAttach.Imaging.Volumes.Ntfs;

/// <summary>Which rules a name in FILE_NAME follows.</summary>
internal enum FileNameSpace
{
    /// <summary>Any characters, case matters. Never written.</summary>
    Posix = 0,

    /// <summary>A long name.</summary>
    Win32 = 1,

    /// <summary>A short name beside a long one. Never written.</summary>
    Dos = 2,

    /// <summary>A name that is a long and a short one in one.</summary>
    Win32AndDos = 3,
}
